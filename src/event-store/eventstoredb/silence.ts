/** Notices that the other side has become silent: it owes an answer, and nothing at all has come from it for so long. */
export class Silence {
  private owed = 0;
  private readonly timer: NodeJS.Timeout;

  /** @param onSilent is called once for each such time */
  constructor(ms: number, onSilent: () => void) {
    this.timer = setTimeout(() => this.owed > 0 && onSilent(), ms).unref();
  }

  /** Something is asked of it. While it owed nothing, it was silent with good reason. */
  asked(): void {
    if (this.owed++ === 0) this.timer.refresh();
  }

  /** It said something. */
  heard(): void {
    this.owed = Math.max(0, this.owed - 1);
    this.timer.refresh();
  }

  /** Nobody listens any more. */
  end(): void {
    clearTimeout(this.timer);
  }
}
