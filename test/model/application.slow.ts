import { describeAgreement } from './agreement.js';
import { LAGGING, REDELIVERED, TIMED, WORDED } from './models.js';

describeAgreement([WORDED, TIMED, LAGGING, REDELIVERED]);
