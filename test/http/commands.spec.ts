import { startTestLedger } from '../support/ledger.js';
import { describeBulkCommands } from './suite/bulk-commands.js';
import { describeCascade } from './suite/cascade.js';
import { describeCommands } from './suite/commands.js';
import { describeResume } from './suite/resume.js';

// In one file, for each file loads the whole service anew: that takes longer than most of these.
for (const describeDoors of [describeCommands, describeResume, describeCascade, describeBulkCommands])
  describeDoors(startTestLedger);
