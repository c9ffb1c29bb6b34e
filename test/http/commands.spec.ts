import { startTestLedger } from '../support/ledger.js';
import { describeCommands } from './suite/commands.js';

describeCommands(startTestLedger);
