import { SingleBar } from 'cli-progress';
import type { ProjectionView, RebuildView, VerifyView } from '../../contract/projections.js';
import { printable } from '../../printable.js';
import { type Screen, tell } from '../terminal.js';
import { duration, lag, number, progress } from './print.js';

/** How often it is looked how far it is, in milliseconds; where nobody looks on, lines are few. */
const LOOK_MS = 250;
const LINE_MS = 2_000;

const FORMAT = '{what} {bar} {percentage}% | {done} | {rate}/s | ETA {left} | lag {lag} | {phase}';

type Show = (view: ProjectionView, long: RebuildView | VerifyView) => void;

/** A bar that is drawn anew in its place. */
function bar(what: string, screen: NodeJS.WriteStream): { show: Show; end: () => void } {
  const drawn = new SingleBar({ format: FORMAT, stream: screen, hideCursor: true, barsize: 24, autopadding: true });
  const payload = { what, done: '', rate: '0', left: '–', lag: '–', phase: '' };
  drawn.start(1, 0, payload);
  const show: Show = (view, long) => {
    const total = long.events_total ?? long.events;
    drawn.setTotal(Math.max(1, total));
    drawn.update(long.events, {
      done: `${number(long.events)}/${number(total)} events`,
      rate: number(long.events_per_second),
      left: long.eta_ms ? duration(long.eta_ms) : '–',
      lag: lag(view),
      phase: printable(long.phase ?? long.state),
    });
  };
  return { show, end: () => drawn.stop() };
}

/** A line now and then, for logs. */
function lines(what: string, screen: Screen): { show: Show; end: () => void } {
  let told = { at: -Infinity, phase: '' };
  const show: Show = (view, long) => {
    const phase = String(long.phase);
    const now = performance.now();
    if (phase === told.phase && now - told.at < LINE_MS) return;
    told = { at: now, phase };
    tell(screen, `${what}: ${progress(long)}, lag ${lag(view)}`);
  };
  return { show, end: () => undefined };
}

/** Shows how far something is until it is told to stop. What cannot be looked at for a moment is looked at again. */
export function showProgress(
  what: string,
  look: () => Promise<{ view: ProjectionView; long: RebuildView | VerifyView | undefined }>,
  screen: NodeJS.WriteStream,
): { stop: () => Promise<void> } {
  const { show, end } = screen.isTTY ? bar(what, screen) : lines(what, screen);
  let looking: Promise<void> | undefined;
  const tick = (): void => {
    looking ??= look()
      .then(({ view, long }) => long && show(view, long))
      .catch(() => undefined)
      .then(() => (looking = undefined));
  };
  tick();
  const timer = setInterval(tick, LOOK_MS);
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await looking;
    end();
  };
  return { stop };
}
