import { startTestLedger } from '../support/ledger.js';
import { describeList } from './suite/list.js';
import { describeReads } from './suite/reads.js';
import { describeStream } from './suite/stream.js';
import { describeSummaries } from './suite/summaries.js';

// In one file, for each file loads the whole service anew: that takes longer than most of these.
for (const describeDoors of [describeReads, describeList, describeSummaries, describeStream])
  describeDoors(startTestLedger);
