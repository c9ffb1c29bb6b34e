/** What must not be found, and in which words it is told when it is. */
export const LAWS = {
  lost: 'acknowledged as applied, and not in the log as it was acknowledged',
  doubled: 'in the log more than once',
  gap: 'a position or revision is missing, or out of order',
  denied: 'in the log, though everybody who asked was told that it was not applied',
  unasked: 'in the log, and nobody asked for it',
  content: 'not what the request comes to in the state that it met',
  verdict: 'not the verdict of the state that it was given on',
  current: 'an answer showed a state that the log never had',
  winners: 'more than one was told that it won the same attempt',
  invariant: 'an invariant of the stream is broken',
  unkept: 'a refused report that is not kept as it came',
  overdue: 'due, and not timed out',
  door: 'a door shows something else than the table holds',
  table: 'a read model is not the fold of the log',
  rebuild: 'a rebuild that was asked for did not come to its end',
  answer: 'an answer that no door may give',
  service: 'a service ended by itself',
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
