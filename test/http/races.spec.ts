import { startTestLedger } from '../support/ledger/ledger.js';
import { describeIdempotency } from './suite/idempotency.js';
import { describeRaces } from './suite/races.js';
import { shared } from './suite/http.js';

// In one file, and on one ledger: loading and starting the service takes longer than most of these.
const start = shared(startTestLedger);
for (const describeEndpoints of [describeRaces, describeIdempotency]) describeEndpoints(start);
