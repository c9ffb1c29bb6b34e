import { startTestLedger } from '../support/ledger.js';
import { describeManyBulkCommands } from './suite/bulk-commands.js';
import { shared } from './suite/http.js';
import { describeManyRefused } from './suite/idempotency.js';
import { describeManyRaces } from './suite/races.js';
import { describeManyWaiters } from './suite/reads.js';

const start = shared(startTestLedger);
for (const describeDoors of [describeManyBulkCommands, describeManyRefused, describeManyRaces, describeManyWaiters])
  describeDoors(start);
