import { readOpenLineage } from '../../src/sources/openlineage/openlineage.js';
import { replaced } from '../support/ledger/senders/sender.js';

const EVENT = {
  ...{ eventType: 'START', eventTime: '2026-11-21T11:40:40Z', producer: 'https://example.com/p' },
  ...{ run: { runId: 'r', facets: {} }, job: { namespace: 'a', name: 'b' } },
};

/** What makes a delivery of this event the same one. */
function identity(event: unknown): readonly string[] | undefined {
  const reading = readOpenLineage(event);
  if (!('reports' in reading)) throw new Error('it was not read');
  return reading.reports[0]!.same_by;
}

describe('an event of OpenLineage', () => {
  it.each([
    ['run.runId', 'another'],
    ['eventType', 'RUNNING'],
    ['eventTime', '2026-11-21T11:40:41Z'],
    ['producer', 'https://example.com/q'],
  ])('with another %s is another delivery', (member, value) => {
    expect(identity(replaced(EVENT, member, value))).not.toEqual(identity(EVENT));
  });

  it.each([
    ['run.facets', { nominalTime: { nominalStartTime: '2026-11-21T00:00:00Z' } }],
    ['outputs', [{ namespace: 'a', name: 'table' }]],
  ])('with another %s is the same delivery', (member, value) => {
    expect(identity(replaced(EVENT, member, value))).toEqual(identity(EVENT));
  });
});
