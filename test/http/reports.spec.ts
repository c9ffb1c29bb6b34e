import { startTestLedger } from '../support/ledger.js';
import { describeReports } from './suite/reports.js';

describeReports(startTestLedger);
