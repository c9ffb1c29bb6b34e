import { startTestLedger } from '../support/ledger/ledger.js';
import { describeOperations } from './suite/operations.js';

describeOperations(startTestLedger);
