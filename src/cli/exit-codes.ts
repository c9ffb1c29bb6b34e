/** What the command line ends with; every script may rely on it. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  drift: 3,
  busy: 4,
  /** How an execution ended that was watched. A success is `done`; `failed` is of the command line itself. */
  executionFailed: 5,
  executionTimedOut: 6,
  executionCancelled: 7,
  interrupted: 130,
} as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Of several, the one that somebody has to hear of first. */
const GRAVEST: readonly Exit[] = [EXIT.interrupted, EXIT.failed, EXIT.busy, EXIT.drift, EXIT.usage, EXIT.done];

export const gravest = (codes: readonly Exit[]): Exit => GRAVEST.find((code) => codes.includes(code)) ?? EXIT.done;

/** Ends a command with a line for whoever called it, and a code for their script. */
export class CommandError extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly exit: Exit,
    message: string,
  ) {
    super(message);
  }
}
