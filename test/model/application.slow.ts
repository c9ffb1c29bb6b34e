import { describeAgreement } from './agreement.js';
import { LAGGING, TIMED, WORDED } from './models.js';

describeAgreement([WORDED, TIMED, LAGGING]);
