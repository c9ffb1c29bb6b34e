import { startTestLedger } from '../support/ledger/ledger.js';
import { describeBulkCommands } from './suite/bulk-commands.js';
import { describeCascade } from './suite/cascade.js';
import { describeCommands } from './suite/commands.js';
import { describeResume } from './suite/resume.js';
import { shared } from './suite/http.js';

// In one file, and on one ledger: loading and starting the service takes longer than most of these.
const start = shared(startTestLedger);
for (const describeEndpoints of [describeCommands, describeResume, describeCascade, describeBulkCommands])
  describeEndpoints(start);
