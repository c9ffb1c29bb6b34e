import { startTestLedger } from '../support/ledger.js';
import { describeStream } from './suite/stream.js';

describeStream(startTestLedger);
