import { startTestLedger } from '../support/ledger.js';
import { describeCascade } from './suite/cascade.js';

describeCascade(startTestLedger);
