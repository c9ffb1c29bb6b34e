import { startTestLedger } from '../support/ledger.js';
import { describeAccess } from './suite/access.js';
import { describeHeaders } from './suite/headers.js';
import { describeIds } from './suite/ids.js';
import { describeProblems } from './suite/problems.js';
import { describeServerErrors } from './suite/server-errors.js';
import { shared } from './suite/http.js';

// In one file, and on one ledger: loading and starting the service takes longer than most of these.
const start = shared(startTestLedger);
for (const describeDoors of [describeAccess, describeHeaders, describeIds, describeProblems, describeServerErrors])
  describeDoors(start);
