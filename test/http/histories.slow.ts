import { startTestLedger } from '../support/ledger.js';
import { describeHistories } from './suite/histories.js';
import { shared } from './suite/http.js';

describeHistories(shared(startTestLedger));
