import { usingLedger } from '../support/ledger.js';
import { describeFuzz } from './suite/fuzz.js';

describeFuzz(usingLedger(), 250, 1, 120_000);
