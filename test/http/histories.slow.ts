import { jest } from '@jest/globals';
import { startTestLedger } from '../support/ledger/ledger.js';
import { describeHistories } from './suite/histories.js';
import { shared } from './suite/http.js';

// Hundreds of reports in 20 orders: a busy machine is no failure.
jest.setTimeout(60_000);

describeHistories(shared(startTestLedger));
