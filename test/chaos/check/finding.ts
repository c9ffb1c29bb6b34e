/** What must hold after every kill, by the word under which a breach of it is told. */
export const LAWS = {
  lost: 'what was acknowledged as applied is in the log, as it was acknowledged',
  doubled: 'what was asked once is in the log once',
  gap: 'positions and revisions have no gap',
  denied: 'what is in the log was told to whoever asked for it',
  unasked: 'nothing is in the log that nobody asked for',
  content: 'an event is what its request comes to in the state that it met',
  verdict: '§7.13 every verdict is the one of the state that its answer shows',
  current: 'every answer shows a state that the log had',
  winners: '§7.5 every attempt is won once',
  invariant: '§7.1 to §7.4 every stream is a history that the rules allow',
  unkept: '§7.11 a refused report is kept as it came',
  overdue: 'what is due is timed out',
  endpoint: 'the endpoints show what the table holds',
  table: '§7.9 every read model is the fold of the log',
  rebuild: 'a rebuild comes to its end, whoever is killed meanwhile',
  answer: 'every answer is one that its endpoint may give',
  service: 'a service outlives its database',
} as const;
export type Law = keyof typeof LAWS;

/** One thing that is wrong. */
export interface Finding {
  readonly law: Law;
  /** An execution, a position, an id. */
  readonly about: string;
  readonly detail: string;
}

/** Takes down what is wrong. */
export type Find = (law: Law, about: string, detail: string) => void;
