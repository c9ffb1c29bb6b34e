import { describeAgreement } from './agreement.js';
import { REDELIVERED } from './models.js';

describeAgreement([REDELIVERED]);
