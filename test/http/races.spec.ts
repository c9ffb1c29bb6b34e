import { startTestLedger } from '../support/ledger.js';
import { describeIdempotency } from './suite/idempotency.js';
import { describeRaces } from './suite/races.js';

// In one file, for each file loads the whole service anew: that takes longer than most of these.
for (const describeDoors of [describeRaces, describeIdempotency]) describeDoors(startTestLedger);
