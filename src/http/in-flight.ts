import { Problem } from '../contract/problem.js';

/** How long a body waits for room, in milliseconds. */
const PATIENCE_MS = 10_000;
/** What is small, and what large ones leave to small ones, as parts of all there is. */
const SMALL = 1 / 64;
const LEFT_TO_SMALL = 1 / 8;

/** What a request holds of the bytes in flight: its body until it is decided, then its answer until that is taken. */
export interface Share {
  /** Holds so many bytes in all from now on; resolves when there is room for them. @throws Problem 503 where that takes too long */
  hold(bytes: number): Promise<void> | undefined;
  /** The same of what can be asked for again. @throws Problem 503 at once where there is no room */
  claim(bytes: number): void;
  /** The same of what is there, and can neither wait nor be refused. */
  take(bytes: number): void;
  /** It holds nothing any more, whatever is still asked for it. */
  release(): void;
}

interface Holder {
  /** Of what it holds, what counts. */
  counted: number;
  readonly released: boolean;
}

/**
 * How many bytes of bodies and answers a process holds at once. Where there is no room one alone goes on, uncounted: the one
 * that has waited longest, so that each comes to its end. Large ones leave room to small ones, which so wait for nobody.
 */
export class InFlight {
  private held = 0;
  private beyond: Holder | undefined;
  /** Those that have waited longest first. */
  private readonly waiting = new Map<Holder, { readonly bytes: number; readonly goOn: () => void }>();

  constructor(
    private readonly limit: number,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Whether there is room for so many bytes more. */
  hasRoom(bytes: number): boolean {
    return this.fits(bytes, bytes);
  }

  /** The share of a request, which holds nothing yet. */
  open(): Share {
    const holder = { counted: 0, released: false };
    const change = (make: () => void): void => {
      if (holder.released) return; // its sender has gone while a piece waited for its turn
      make();
      this.letGoOn();
    };
    return {
      hold: (bytes) => {
        let room: Promise<void> | undefined;
        change(() => void (this.grant(holder, bytes) || (room = this.wait(holder, bytes))));
        return room;
      },
      claim: (bytes) =>
        change(() => {
          if (!this.grant(holder, bytes)) throw overloaded();
        }),
      take: (bytes) =>
        change(() => {
          this.waiting.get(holder)?.goOn();
          if (!this.grant(holder, bytes)) this.count(holder, bytes);
        }),
      release: () =>
        change(() => {
          holder.released = true;
          this.waiting.get(holder)?.goOn();
          this.count(holder, 0);
        }),
    };
  }

  private fits(bytes: number, more: number): boolean {
    const most = bytes <= this.limit * SMALL ? this.limit : this.limit * (1 - LEFT_TO_SMALL);
    return this.held + more <= most;
  }

  private grant(holder: Holder, bytes: number): boolean {
    const more = bytes - holder.counted;
    if (more <= 0 || this.fits(bytes, more)) {
      this.count(holder, bytes);
      return true;
    }
    if ((this.beyond ?? holder) !== holder) return false;
    this.count(holder, 0);
    this.beyond = holder;
    return true;
  }

  private count(holder: Holder, bytes: number): void {
    this.held += bytes - holder.counted;
    holder.counted = bytes;
    if (this.beyond === holder) this.beyond = undefined;
  }

  private wait(holder: Holder, bytes: number): Promise<void> {
    const room = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(holder);
        reject(overloaded());
      }, this.patienceMs).unref();
      const goOn = (): void => {
        clearTimeout(timer);
        this.waiting.delete(holder);
        resolve();
      };
      this.waiting.set(holder, { bytes, goOn });
    });
    // Whoever waited may have gone, and a refusal that nobody listens to would end the process.
    room.catch(() => undefined);
    return room;
  }

  private letGoOn(): void {
    for (const [holder, { bytes, goOn }] of this.waiting) if (this.grant(holder, bytes)) goOn();
  }
}

const overloaded = (): Problem =>
  Problem.of('overloaded', 'too many bytes of other requests are held at the moment; send the same again');
