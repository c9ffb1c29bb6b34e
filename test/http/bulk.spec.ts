import { startTestLedger } from '../support/ledger.js';
import { describeBulk } from './suite/bulk.js';

describeBulk(startTestLedger);
