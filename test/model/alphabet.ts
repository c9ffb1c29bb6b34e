import type { Input } from '../../src/domain/decision.js';
import type { ExecutionState } from '../../src/domain/execution.js';
import type { Description } from '../../src/domain/events.js';
import type { DeliveryMode } from '../../src/domain/report.js';
import { STATUSES } from '../../src/domain/status.js';
import { ask, at, DAY, heartbeat, report } from '../support/domain/given.js';

/** Something that a producer or an operator may say to the ledger, at any moment. */
export interface ModelInput {
  readonly name: string;
  /** What is said at this moment of the model's clock; only a new deadline depends on it. */
  readonly input: (clock: number) => Input;
  /** Where it is not offered, the state it would lead to is another one of the model under other names. */
  readonly offered?: (head: ExecutionState) => boolean;
}

const YEAR = 365 * DAY;
/** How far ahead deadlines lie: further than anything but the steps that let them pass ever adds up to. */
export const TIMEOUT = 10 * YEAR;
export const DEADLINE = 200 * YEAR;

type Reporter = 'worker' | 'watchdog';
/** 3 is an attempt that nobody opened; undefined: none is named. */
type NamedAttempt = 1 | 2 | 3 | undefined;
/** In a report's own body, by a producer that counts its tries: may open the next attempt. */
type CountedAttempt = 'own 2' | 'own 3';

/** Which reports an alphabet has: every combination of these. */
export interface Reports {
  /** `progress`: news without a status; `nonsense`: no word of the ledger's. */
  readonly words: readonly string[];
  readonly modes: readonly DeliveryMode[];
  readonly reporters: readonly Reporter[];
  readonly named: readonly (NamedAttempt | CountedAttempt)[];
  /** Nothing, or all that can count: progress, a message, a result and an error. */
  readonly brings: readonly ('nothing' | 'news')[];
  /** What is said of the identity: nothing, or one of {@link IDENTITIES}. */
  readonly about?: readonly About[];
}

/** Of these the first two contradict each other, and the last adds to either. */
const IDENTITIES = {
  'of a': { workflow_id: 'a', labels: { l: 'a' } },
  'of b': { workflow_id: 'b', labels: { l: 'b' } },
  'with a target': { target: 't' },
} as const;
type About = '' | keyof typeof IDENTITIES;
const identity = (about: About): Description => (about === '' ? {} : IDENTITIES[about]);

export const WORDS = [...STATUSES, 'progress'];
export const ALL_REPORTS: Reports = {
  words: WORDS,
  modes: ['fire_and_forget', 'strict'],
  reporters: ['worker', 'watchdog'],
  named: [undefined, 1, 2, 3],
  brings: ['nothing', 'news'],
};

const naming = (named: NamedAttempt | CountedAttempt) => {
  if (typeof named === 'string') return { attempt: Number(named.at(-1)), counts_attempts: true } as const;
  return named === undefined ? {} : { attempt: named };
};
const suffix = (named: NamedAttempt | CountedAttempt): string => (named === undefined ? '' : ` #${named}`);
/** With a result and an error, which only an outcome has a place for. */
const NEWS = { progress: 50, message: 'm', result: 'r', error: 'e' };

function oneReport(
  word: string,
  mode: DeliveryMode,
  authority: Reporter,
  named: NamedAttempt | CountedAttempt,
  brings: string,
  about: About,
): ModelInput {
  const status = word === 'progress' ? undefined : word === 'nonsense' ? { unsupported: word } : word;
  const news = brings === 'news' ? NEWS : {};
  const said = report(status as never, { mode, authority, ...naming(named), ...news, description: identity(about) });
  const told = [mode === 'strict' ? ' (strict)' : '', brings === 'news' ? ' with news' : '', about && ` ${about}`].join(
    '',
  );
  return { name: `${authority} says ${word}${suffix(named)}${told}`, input: () => said };
}

/** Every combination of what the reports of an alphabet differ in. */
export const reports = ({ words, modes, reporters, named, brings, about = [''] }: Reports): ModelInput[] =>
  words.flatMap((word) =>
    modes.flatMap((mode) =>
      reporters.flatMap((authority) =>
        named.flatMap((attempt) =>
          brings.flatMap((what) => about.map((whose) => oneReport(word, mode, authority, attempt, what, whose))),
        ),
      ),
    ),
  );

const always = (name: string, input: Input): ModelInput => ({ name, input: () => input });

export const heartbeats = (named: readonly NamedAttempt[]): ModelInput[] =>
  named.map((attempt) => always(`heartbeat${suffix(attempt)}`, heartbeat(naming(attempt))));

/** Dispatch, abort, pause and cancel, naming these attempts. */
export const commands = (named: readonly NamedAttempt[]): ModelInput[] =>
  (['dispatch', 'abort', 'pause', 'cancel'] as const).flatMap((kind) =>
    named.map((attempt) => {
      const handled = kind === 'dispatch' ? { handle: 'h' } : {};
      return always(`${kind}${suffix(attempt)}`, ask[kind]({ ...naming(attempt), ...handled }));
    }),
  );

const terms = (clock: number, { deadline = false, timeout = false }) => ({
  ...(deadline ? { deadline: at(clock + DEADLINE) } : {}),
  ...(timeout ? { timeout_ms: TIMEOUT } : {}),
});

/** The kinds of resume: as it is, asking for a new attempt, for workers without numbers. */
export const resumes = (named: readonly NamedAttempt[]): ModelInput[] =>
  named.flatMap((attempt) =>
    [{}, { new_attempt: true }, { unnumbered: true }, { new_attempt: true, unnumbered: true }].map((how) =>
      always(
        `resume${suffix(attempt)} ${Object.keys(how).join(' ')}`.trim(),
        ask.resume({ ...how, ...naming(attempt) }),
      ),
    ),
  );

/** Resumes with deadlines of their own. */
export const timedResumes: readonly ModelInput[] = [{ deadline: true }, { timeout: true }].flatMap((which) =>
  [{}, { new_attempt: true }].map((how) => ({
    name: `resume with a new ${Object.keys({ ...which, ...how }).join(' ')}`,
    input: (clock: number) => ask.resume({ ...how, ...terms(clock, which) }),
  })),
);

const registered = (head: ExecutionState): boolean => head.status !== 'none' && head.registrations.length > 0;

/** A registration, and one of another body: the second only once one stands, for which of them came first is a name. */
export const registers: readonly ModelInput[] = [
  always('register', ask.register({}, 'one body')),
  { name: 'register otherwise', input: () => ask.register({}, 'another body'), offered: registered },
];

/** Registrations that say whose the execution is. */
export const identifiedRegisters: readonly ModelInput[] = (['of a', 'of b', 'with a target'] as const).map((about) =>
  always(`register ${about}`, ask.register(identity(about), about)),
);

/** Registrations with what can run out. The first moment of the model is theirs, so that repeating one is repeating it. */
export const timedRegisters: readonly ModelInput[] = [{}, { deadline: true }, { timeout: true }].map((which) => ({
  name: `register ${Object.keys(which)
    .map((what) => `with a ${what}`)
    .join()}`.trim(),
  input: (clock: number) => ask.register(terms(clock, which), Object.keys(which).join()),
}));

export const timeOut = always('time out', ask.time_out());
