import { expect, it } from '@jest/globals';
import { STATUS_BY_EVENT, STATUS_EVENTS, type ExecutionEventType } from '../../src/domain/events.js';
import { draftOf, type Draft } from '../../src/domain/execution.js';
import { STATUSES, type Status } from '../../src/domain/status.js';
import { EVENT_SCHEMAS, type Shape } from '../../src/event-store/codec.js';
import { filter, type FilterSchemas } from '../../src/contract/queries.js';
import { CONDITIONS, type FilterConditions } from '../../src/read-model/list-filters.js';
import type { Selection } from '../../src/read-model/list-request.js';

// What is forgotten does not compile: each expected error below is looked for by `npm run typecheck`, which fails without it.

it('a member of the state that an event would not carry over does not compile', () => {
  const { doubt, ...rest } = draftOf({} as Draft);
  // @ts-expect-error -- `doubt` is forgotten
  const forgotten: Record<keyof Draft, unknown> = rest;
  expect({ ...forgotten, doubt }).toHaveProperty('doubt');
});

it('a member of an event without a schema does not compile', () => {
  const { data } = EVENT_SCHEMAS.HeartbeatRecorded;
  // @ts-expect-error -- `attempt` is forgotten
  const forgotten: Shape<'HeartbeatRecorded'> = { worker: data };
  expect(forgotten).not.toHaveProperty('attempt');
  expect(data.safeParse({ attempt: 'first' }).success).toBe(false);
});

it('a status without its event does not compile, and each event names its status', () => {
  const { paused, ...rest } = STATUS_EVENTS;
  // @ts-expect-error -- `paused` is forgotten
  const forgotten: Record<Exclude<Status, 'pending'>, ExecutionEventType> = rest;
  const all = Object.entries({ ...forgotten, paused });
  expect(all.map(([, type]) => STATUS_BY_EVENT[type])).toEqual(all.map(([status]) => status));
  expect(all.map(([status]) => status).toSorted()).toEqual(STATUSES.filter((one) => one !== 'pending').toSorted());
});

it('a filter of the list without its SQL does not compile', () => {
  const { silent_for, ...rest } = CONDITIONS;
  // @ts-expect-error -- `silent_for` is forgotten, and a command on all that it selects would take every execution
  const forgotten: FilterConditions<Selection> = rest;
  expect({ ...forgotten, silent_for }).toEqual(CONDITIONS);
});

it('a filter of the contract that the tables do not know does not compile, nor one of theirs without a schema', () => {
  const more = { ...filter, colour: filter.kind };
  // @ts-expect-error -- no table has a `colour`, and a command on all that it selects would take every execution
  const unknown = more satisfies FilterSchemas<typeof more>;
  const { zombie, ...fewer } = filter;
  // @ts-expect-error -- `zombie` is forgotten
  const forgotten = fewer satisfies FilterSchemas<typeof fewer>;
  expect(Object.keys(unknown)).toEqual([...Object.keys(filter), 'colour']);
  expect({ ...forgotten, zombie }).toEqual(filter);
});
