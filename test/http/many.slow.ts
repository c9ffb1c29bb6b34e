import { startTestLedger } from '../support/ledger.js';
import { describeManyRaces } from './suite/races.js';
import { describeManyWaiters } from './suite/reads.js';

for (const describeDoors of [describeManyRaces, describeManyWaiters]) describeDoors(startTestLedger);
