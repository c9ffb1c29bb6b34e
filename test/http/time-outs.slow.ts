import { startTestLedger } from '../support/ledger.js';
import { describeMoments } from './suite/moments.js';
import { describeTimeOuts } from './suite/time-outs.js';

for (const describeDoors of [describeTimeOuts, describeMoments]) describeDoors(startTestLedger);
