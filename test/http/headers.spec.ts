import { startTestLedger } from '../support/ledger.js';
import { describeHeaders } from './suite/headers.js';

describeHeaders(startTestLedger);
