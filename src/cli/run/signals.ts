import { fieldsOf } from './process-mark.js';

/** The signals that are passed on; where none is, the program would live on while this process dies. */
const PASSED_ON = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;

/** Those that a terminal sends to each process in its foreground. */
const OF_THE_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

/** Those that a program which does not await them dies of. */
const DEADLY: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'];

/** Whether a process stands in the foreground of its terminal. Where the system does not tell, one with a terminal does. */
function inForeground(pid: number): boolean {
  try {
    const [, , group, , , foreground] = fieldsOf(pid);
    return group === foreground;
  } catch {
    return process.stdin.isTTY === true;
  }
}

/** Takes the signals of this process from the moment on that it is made. */
export class Signals {
  private readonly early = new AbortController();
  private first: NodeJS.Signals | undefined;
  private pass: ((signal: NodeJS.Signals) => void) | undefined;
  private child: number | undefined;

  constructor() {
    for (const signal of PASSED_ON) process.on(signal, () => this.take(signal));
  }

  /** The signal that somebody ended this with before there was anything to pass it on to. */
  get endedBy(): NodeJS.Signals | undefined {
    return this.first;
  }

  /** Aborts with such a signal: nothing is waited for any more. */
  get ended(): AbortSignal {
    return this.early.signal;
  }

  /** Passes on what comes from now on; `child`: to which process. */
  passTo(pass: (signal: NodeJS.Signals) => void, child: number | undefined): void {
    this.pass = pass;
    this.child = child;
  }

  /** Whether the terminal sent the child a signal as well: it sends none to one with a process group of its own. */
  private hasIt(signal: NodeJS.Signals): boolean {
    if (!OF_THE_TERMINAL.includes(signal) || this.child === undefined) return false;
    return [process.pid, this.child].every(inForeground);
  }

  private take(signal: NodeJS.Signals): void {
    if (!this.pass) {
      if (!DEADLY.includes(signal)) return;
      this.first ??= signal;
      this.early.abort();
      // Passed on although the program has it from the terminal, a Ctrl-C would be two.
    } else if (!this.hasIt(signal)) this.pass(signal);
  }
}
