import { startTestLedger } from '../support/ledger.js';
import { describeList } from './suite/list.js';

describeList(startTestLedger);
