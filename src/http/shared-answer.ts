import { forEverybody } from '../caller.js';

/**
 * One answer for all who ask within a while: one question is under way at a time, and what came of it, a failure too, is told
 * until so long after it was asked. Strangers ask as often as they like, and the database is asked no more for it.
 */
export class SharedAnswer<T> {
  private last: { readonly answer: Promise<T>; readonly askedAt: number; open: boolean } | undefined;

  constructor(
    private readonly ask: () => Promise<T>,
    private readonly forMs: number,
  ) {}

  get(): Promise<T> {
    const { last } = this;
    if (last !== undefined && (last.open || performance.now() - last.askedAt < this.forMs)) return last.answer;
    const asked = { answer: forEverybody(this.ask), askedAt: performance.now(), open: true };
    const settle = (): void => void (asked.open = false);
    asked.answer.then(settle, settle);
    this.last = asked;
    return asked.answer;
  }
}
