import { startTestLedger } from '../support/ledger.js';
import { describeStrictReports } from './suite/strict.js';

describeStrictReports(startTestLedger);
