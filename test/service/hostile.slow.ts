import { usingLedger } from '../support/ledger/ledger.js';
import { describeFuzz } from './suite/fuzz.js';

describeFuzz(usingLedger(), 2_000, 1, 120_000);
