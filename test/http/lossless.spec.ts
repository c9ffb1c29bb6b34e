import { startTestLedger } from '../support/ledger.js';
import { describeLossless } from './suite/lossless.js';

describeLossless(startTestLedger);
