import { startTestLedger } from '../support/ledger.js';
import { describeTimeOuts } from './suite/time-outs.js';

describeTimeOuts(startTestLedger);
