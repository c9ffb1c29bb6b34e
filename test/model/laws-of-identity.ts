import type { Description } from '../../src/domain/events.js';
import { fieldsOf } from '../support/domain/identity.js';
import { exists, type Law, type Step } from './laws.js';

const same = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && (some.length === 0 || String([...some].sort()) === String([...others].sort()));

/** What stands is what was said first, field by field, by whatever verdict; where nothing moved it was asked before. */
const stands = ({ before, after, after: { head, witness } }: Step): boolean =>
  after === before ||
  !exists(head) ||
  same(
    fieldsOf(head.description).map(([field, value]) => `${field} ${value}`),
    Object.entries(witness.said).map(([field, value]) => `${field} ${value}`),
  );

/** One event says what is new and nothing else, before the others; what stands otherwise is refused by itself. */
function told({ input, before: { head, witness, bound }, sent, answer }: Step): boolean {
  const { events, contrary } = answer;
  const isBound = sent.underId && bound !== undefined;
  const said =
    'description' in input && exists(head) && !answer.replayed && !isBound ? fieldsOf(input.description) : [];
  const fresh = said.filter(([field]) => !Object.hasOwn(witness.said, field)).map(([field]) => field);
  const others = said.filter(([field, value]) => (witness.said[field] ?? value) !== value).map(([field]) => field);
  const claims = input.kind === 'register' && answer.applied && exists(head) && !answer.replayed;
  const described = events.filter(({ type }) => type === 'ExecutionDescribed');
  const [first] = described;
  const { attempt: _, by_report: __, ...data } = (first?.data ?? {}) as Description & { attempt?: 1; by_report?: true };
  return (
    described.length === (fresh.length > 0 || claims ? 1 : 0) &&
    (first === undefined || first === events[0]) &&
    same(
      fieldsOf(data).map(([field]) => field),
      fresh,
    ) &&
    same(
      fieldsOf(contrary ?? {}).map(([field]) => field),
      others,
    )
  );
}

/** A registration that wins claims the execution; nothing else does. */
function claims({ input, before, after, answer }: Step): boolean {
  if (!exists(after.head)) return true;
  const known = exists(before.head) ? before.head.registrations.length : 0;
  const wins = input.kind === 'register' && answer.applied && !answer.replayed;
  return after.head.registrations.length === known + (wins ? 1 : 0);
}

/** What holds of who an execution is (docs/semantics.md §3). */
export const OF_IDENTITY: readonly Law[] = [
  ['§3 identity: the first to say a field wins, whenever it comes', stands],
  ['§3 identity: what is new is added once, what stands otherwise is refused', told],
  ['§4 only a registration claims', claims],
];
