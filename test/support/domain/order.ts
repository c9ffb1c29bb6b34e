import fc from 'fast-check';
import type { Status } from '../../../src/domain/status.js';
import { optional, present } from './arbitrary.js';

/** One report of a set whose order does not matter. */
export interface OrderedReport {
  readonly word: Status | undefined;
  readonly authority: 'worker' | 'watchdog';
  readonly progress?: number | undefined;
}

/** A set of reports about one attempt, in some order, and how it ends in any. */
export interface ReportSet {
  readonly ends: readonly [Status, OrderedReport['authority']];
  readonly said: readonly OrderedReport[];
}

const open = fc.constantFrom('pending', 'queued', 'running', 'waiting', undefined);
const terminal = fc.constantFrom('succeeded' as const, 'failed' as const, 'timeout' as const, 'cancelled' as const);
const says = <S>(status: fc.Arbitrary<S>, authority: OrderedReport['authority']): fc.Arbitrary<OrderedReport> =>
  fc.tuple(status, optional(fc.integer({ min: 0, max: 9 }))).map(([word, progress]) => ({
    word: word as Status | undefined,
    authority,
    ...present({ progress }),
  }));
const anyOpen = fc.array(fc.oneof(says(open, 'worker'), says(open, 'watchdog')), { maxLength: 6 });

/**
 * The sets of docs/semantics.md §3: worker terminals one, or all equal, whatever watchdogs guess; or none, with one
 * watchdog terminal.
 */
const sets: fc.Arbitrary<ReportSet> = fc.oneof(
  fc
    .tuple(terminal, fc.integer({ min: 1, max: 3 }), fc.array(says(terminal, 'watchdog'), { maxLength: 3 }), anyOpen)
    .map(([status, times, guesses, rest]) => ({
      ends: [status, 'worker'] as const,
      said: [
        ...Array.from({ length: times }, (): OrderedReport => ({ word: status, authority: 'worker' })),
        ...guesses,
        ...rest,
      ],
    })),
  fc.tuple(terminal, anyOpen).map(([status, rest]) => ({
    ends: [status, 'watchdog'] as const,
    said: [{ word: status, authority: 'watchdog' as const }, ...rest],
  })),
);

const inSomeOrder = (said: readonly OrderedReport[]): fc.Arbitrary<OrderedReport[]> =>
  fc.shuffledSubarray([...said], { minLength: said.length, maxLength: said.length });

/** Such a set in several orders. */
export const orders = (count: number): fc.Arbitrary<{ ends: ReportSet['ends']; orders: OrderedReport[][] }> =>
  sets.chain(({ ends, said }) =>
    fc.record({ ends: fc.constant(ends), orders: fc.tuple(...Array.from({ length: count }, () => inSomeOrder(said))) }),
  );
