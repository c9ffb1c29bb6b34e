import { usingLedger } from '../support/ledger.js';
import { describeFuzz } from './suite/fuzz.js';

// In npm test other suites take most of the processor meanwhile: sixteen sessions of the database at once would take a second.
describeFuzz(usingLedger(), 250, 1, 120_000, 8);
