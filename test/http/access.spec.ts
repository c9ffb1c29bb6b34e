import { startTestLedger } from '../support/ledger.js';
import { describeAccess } from './suite/access.js';
import { describeHeaders } from './suite/headers.js';
import { describeIds } from './suite/ids.js';
import { describeProblems } from './suite/problems.js';

// In one file, for each file loads the whole service anew: that takes longer than most of these.
for (const describeDoors of [describeAccess, describeHeaders, describeIds, describeProblems])
  describeDoors(startTestLedger);
