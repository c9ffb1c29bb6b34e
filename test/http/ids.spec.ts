import { startTestLedger } from '../support/ledger.js';
import { describeIds } from './suite/ids.js';

describeIds(startTestLedger);
