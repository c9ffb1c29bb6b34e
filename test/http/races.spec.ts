import { startTestLedger } from '../support/ledger.js';
import { describeRaces } from './suite/races.js';

describeRaces(startTestLedger);
