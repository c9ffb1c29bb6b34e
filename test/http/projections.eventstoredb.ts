import { afterAll, beforeAll, describe } from '@jest/globals';
import { startEventStoreDbDouble, type EventStoreDbDouble } from '../eventstoredb-server/index.js';
import { startOnEventStoreDb } from '../support/ledger/eventstoredb-ledger.js';
import { describeOperations } from './suite/operations.js';
import { describeProjections } from './suite/projections.js';
import { describeInbox } from './suite/inbox.js';
import { describeSummaries } from './suite/summaries.js';

// A log of its own for each: what a rebuild folds is the whole log, whoever else has used it.
describe.each([describeOperations, describeProjections, describeSummaries, describeInbox])(
  'with the log in EventStoreDB',
  (suite) => {
    let double: EventStoreDbDouble;
    beforeAll(async () => {
      double = await startEventStoreDbDouble();
    });
    afterAll(() => double.stop());
    suite((env) => startOnEventStoreDb(double.url, env), false);
  },
);
