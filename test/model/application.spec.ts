import { describeAgreement } from './agreement.js';
import { LAGGING, REDELIVERED } from './models.js';

describeAgreement([REDELIVERED, LAGGING]);
