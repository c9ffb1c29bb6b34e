import { startTestLedger } from '../support/ledger/ledger.js';
import { describeAccess } from './suite/access.js';
import { describeBeforeBody } from './suite/before-body.js';
import { describeConfined } from './suite/confined.js';
import { describeDenied } from './suite/denied.js';
import { describeHeaders } from './suite/headers.js';
import { describeHealth } from './suite/health.js';
import { describeIds } from './suite/ids.js';
import { describeProblems } from './suite/problems.js';
import { describeRoot } from './suite/root.js';
import { describeSession } from './suite/session.js';
import { describeServerErrors } from './suite/server-errors.js';
import { describeTold } from './suite/told.js';
import { shared } from './suite/http.js';

// In one file, and on one ledger: loading and starting the service takes longer than most of these.
const start = shared(startTestLedger);
for (const describeEndpoints of [
  describeAccess,
  describeBeforeBody,
  describeTold,
  describeDenied,
  describeConfined,
  describeHeaders,
  describeHealth,
  describeIds,
  describeProblems,
  describeRoot,
  describeServerErrors,
  describeSession,
])
  describeEndpoints(start);
