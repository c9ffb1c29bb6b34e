import { startTestLedger } from '../support/ledger.js';
import { describeBulkCommands } from './suite/bulk-commands.js';

describeBulkCommands(startTestLedger);
