import { startTestLedger } from '../support/ledger.js';
import { describeTimeOuts } from './suite/deadlines.js';

describeTimeOuts(startTestLedger);
