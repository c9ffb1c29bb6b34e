import { startTestLedger } from '../support/ledger.js';
import { describeSummaries } from './suite/summaries.js';

describeSummaries(startTestLedger);
