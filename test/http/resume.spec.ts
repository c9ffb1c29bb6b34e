import { startTestLedger } from '../support/ledger.js';
import { describeResume } from './suite/resume.js';

describeResume(startTestLedger);
