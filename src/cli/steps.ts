import { SingleBar } from 'cli-progress';
import { type Screen, tell } from './terminal.js';

/** How often a line says how far it is where nobody looks on, in milliseconds. */
const LINE_MS = 2_000;

/** The steps of something that takes its time: each is shown until the next one begins. */
export interface Steps {
  /** Begins a step; what it answers is told how far it is, of how much. */
  readonly step: (what: string) => (done: number, total: number) => void;
  readonly end: () => void;
}

/** A bar that is drawn anew in its place. */
function bar(screen: NodeJS.WriteStream): Steps {
  const format = '{what} {bar} {percentage}% | ETA {eta_formatted}';
  const drawn = new SingleBar({ format, stream: screen, hideCursor: true, barsize: 24, autopadding: true });
  const step = (what: string) => {
    drawn.stop();
    drawn.start(1, 0, { what });
    return (done: number, total: number): void => {
      drawn.setTotal(Math.max(1, total));
      drawn.update(done);
    };
  };
  return { step, end: () => drawn.stop() };
}

/** A line at the beginning of a step and now and then, for logs. */
function lines(screen: Screen): Steps {
  const step = (what: string) => {
    tell(screen, what);
    let told = performance.now();
    return (done: number, total: number): void => {
      const now = performance.now();
      if (now - told < LINE_MS) return;
      told = now;
      tell(screen, `${what}: ${Math.floor((100 * done) / Math.max(1, total))} %`);
    };
  };
  return { step, end: () => undefined };
}

/** Shows steps on a screen: by a bar on a terminal, elsewhere by lines. */
export const showSteps = (screen: NodeJS.WriteStream): Steps => (screen.isTTY ? bar(screen) : lines(screen));
