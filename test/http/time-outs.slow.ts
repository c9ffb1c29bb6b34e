import { startTestLedger } from '../support/ledger/ledger.js';
import { describeMoments } from './suite/moments.js';
import { describeSilence } from './suite/silence.js';
import { describeTimeOuts } from './suite/time-outs.js';

for (const describeEndpoints of [describeTimeOuts, describeMoments, describeSilence])
  describeEndpoints(startTestLedger);
