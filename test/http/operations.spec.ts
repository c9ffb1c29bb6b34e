import { startTestLedger } from '../support/ledger.js';
import { describeOperations } from './suite/operations.js';

describeOperations(startTestLedger);
