import { describeAgreement } from './agreement.js';
import { IDENTIFIED, LAGGING, TIMED, WORDED } from './models.js';

describeAgreement([WORDED, TIMED, LAGGING, IDENTIFIED]);
