import { startTestLedger } from '../support/ledger.js';
import { describeGitHub } from './suite/github.js';

describeGitHub(startTestLedger);
