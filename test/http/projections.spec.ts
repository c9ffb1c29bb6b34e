import { startTestLedger } from '../support/ledger/ledger.js';
import { describeProjections } from './suite/projections.js';

describeProjections(startTestLedger);
