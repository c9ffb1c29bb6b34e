import { startTestLedger } from '../support/ledger.js';
import { describeIdempotency } from './suite/idempotency.js';

describeIdempotency(startTestLedger);
