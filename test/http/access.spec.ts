import { startTestLedger } from '../support/ledger.js';
import { describeAccess } from './suite/access.js';

describeAccess(startTestLedger);
