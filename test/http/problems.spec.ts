import { startTestLedger } from '../support/ledger.js';
import { describeProblems } from './suite/problems.js';

describeProblems(startTestLedger);
