import { startTestLedger } from '../support/ledger.js';
import { describeBulk } from './suite/bulk.js';
import { describeGitHub } from './suite/github.js';
import { describeLossless } from './suite/lossless.js';
import { describeReports } from './suite/reports.js';
import { describeStrictReports } from './suite/strict.js';

// In one file, for each file loads the whole service anew: that takes longer than most of these.
for (const describeDoors of [describeReports, describeStrictReports, describeBulk, describeLossless, describeGitHub])
  describeDoors(startTestLedger);
