import { usingLedger } from '../support/ledger/ledger.js';
import { describeFuzz } from './suite/fuzz.js';

// In npm test other suites take most of the processor meanwhile: of sixteen requests at once any may take a second then.
describeFuzz(usingLedger(), 250, 1, 120_000, 8);
