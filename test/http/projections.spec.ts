import { startTestLedger } from '../support/ledger.js';
import { describeProjections } from './suite/projections.js';

describeProjections(startTestLedger);
