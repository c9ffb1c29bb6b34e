import { describeAgreement } from './agreement.js';
import { TIMED, WORDED } from './models.js';

describeAgreement([WORDED, TIMED]);
