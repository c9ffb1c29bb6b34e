import { startTestLedger } from '../support/ledger.js';
import { describeReads } from './suite/reads.js';

describeReads(startTestLedger);
