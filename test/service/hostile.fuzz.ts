import { usingLedger } from '../support/ledger.js';
import { describeFuzz } from './suite/fuzz.js';

const REQUESTS = 100_000;

/** Another seed each day, and the same for everybody on that day. */
const seed = Math.floor(Date.now() / 86_400_000);

describeFuzz(usingLedger(), REQUESTS, seed, 900_000);
