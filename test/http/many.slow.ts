import { startTestLedger } from '../support/ledger/ledger.js';
import { describeManyBulkCommands } from './suite/bulk-commands.js';
import { describeManyRefused } from './suite/idempotency.js';
import { describeManyRaces } from './suite/races.js';
import { describeManyWaiters } from './suite/reads.js';

// Each on a ledger of its own: what is held for the next event of all must not hear of another suite's.
for (const describeEndpoints of [describeManyBulkCommands, describeManyRefused, describeManyRaces, describeManyWaiters])
  describeEndpoints(startTestLedger);
