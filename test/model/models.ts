import {
  ALL_REPORTS,
  commands,
  heartbeats,
  identifiedRegisters,
  registers,
  reports,
  resumes,
  timedRegisters,
  timedResumes,
  timeOut,
  type ModelInput,
  type Reports,
} from './alphabet.js';
import type { Model } from './steps.js';

const EVERY = [undefined, 1, 2, 3] as const;
const NONSENSE: Reports = {
  ...ALL_REPORTS,
  words: ['nonsense'],
  reporters: ['worker'],
  named: [undefined],
  brings: ['nothing'],
};

/** Producers that count their own tries: the endpoint says nothing of it. */
const COUNTED: Reports = { ...ALL_REPORTS, modes: ['fire_and_forget'], named: ['own 2', 'own 3'] };

const everythingSaid: readonly ModelInput[] = [
  ...reports(ALL_REPORTS),
  ...reports(COUNTED),
  ...reports(NONSENSE),
  ...heartbeats(EVERY),
  ...commands(EVERY),
  ...resumes(EVERY),
  timeOut,
];

const plainly = (reported: Partial<Reports>): ModelInput[] =>
  reports({ ...ALL_REPORTS, modes: ['fire_and_forget'], named: [undefined, 2], brings: ['nothing'], ...reported });

const plainCommands = [...heartbeats([undefined]), ...commands([undefined]), ...resumes([undefined])];
const counted = reports({
  ...COUNTED,
  words: ['pending', 'running', 'failed'],
  reporters: ['worker'],
  named: ['own 2'],
  brings: ['nothing'],
});
const plainlySaid: readonly ModelInput[] = [...registers, ...plainly({}), ...plainCommands];

/** A few of every kind: fewer words for what stands for others. */
const briefly: readonly ModelInput[] = [
  ...registers,
  ...plainly({ words: ['running', 'waiting', 'paused', 'succeeded', 'failed', 'progress'] }),
  ...reports({ ...ALL_REPORTS, words: ['running'], modes: ['strict'], reporters: ['worker'], brings: ['news'] }),
  ...counted,
  ...heartbeats([undefined]),
  ...commands([undefined]),
  ...resumes([undefined]).filter(({ name }) => !name.includes('unnumbered')),
];

/** Fewer still, for the largest of the searches: an open word, both outcomes, and every command. */
const fewest: readonly ModelInput[] = [
  ...registers,
  ...plainly({ words: ['running', 'paused', 'succeeded', 'failed'] }),
  ...plainCommands,
];

/** One of each kind that binds its id: to be lost, retried and delivered once more, however late. */
const BINDING = [
  'register',
  'worker says running',
  'watchdog says failed',
  'worker says succeeded #2',
  'worker says running #own 2',
  'resume',
  'cancel',
];
const binding = (asked: readonly ModelInput[]): ModelInput[] => asked.filter(({ name }) => BINDING.includes(name));

/** Everything that can be said of an execution without a deadline, in every way that can change an answer. */
export const WORDED: Model = {
  name: 'every report and command',
  asked: [...registers, ...everythingSaid],
  times: ['a while passes', 'silence falls'],
};

/** Deadlines and time-outs: registered early and late, carried by resumes, run out in every status. */
export const TIMED: Model = {
  name: 'everything that can run out',
  asked: [...timedRegisters, ...plainly({}), ...counted, ...plainCommands, ...timedResumes, timeOut],
  times: ['silence falls', 'the timeout runs out', 'the deadline passes'],
};

/** Lost answers, retries and late deliveries. */
export const REDELIVERED: Model = {
  name: 'the same id again',
  asked: [...plainlySaid, ...counted],
  times: ['silence falls'],
  underId: binding([...plainlySaid, ...counted]),
};

/** Two processes, one of which may decide on any state that the stream ever had. */
export const LAGGING: Model = {
  name: 'a process that is behind',
  asked: briefly,
  times: [],
  lagging: true,
};

/** Who says what of the identity, early and late, by every verdict, under an id and behind. */
export const IDENTIFIED: Model = {
  name: 'everything that can be said of the identity',
  asked: [
    ...identifiedRegisters,
    ...plainly({
      words: ['running', 'succeeded', 'failed', 'nonsense'],
      reporters: ['worker'],
      about: ['', 'of a', 'of b', 'with a target'],
    }),
    ...reports({
      words: ['running'],
      modes: ['strict'],
      reporters: ['worker'],
      named: [3],
      brings: ['news'],
      about: ['of a'],
    }),
    ...resumes([undefined]).filter(({ name }) => name === 'resume'),
    ...commands([undefined]).filter(({ name }) => name === 'cancel'),
  ],
  times: ['a while passes'],
  underId: [
    ...identifiedRegisters.slice(0, 1),
    ...plainly({ words: ['running'], reporters: ['worker'], named: [undefined], about: ['of b'] }),
  ],
};

/** As {@link LAGGING} and {@link REDELIVERED} together: a retry may reach the process that is behind. */
export const CONCURRENT: Model = {
  name: 'a process that is behind, and the same id again',
  asked: fewest,
  times: ['silence falls'],
  underId: binding(fewest),
  lagging: true,
};
