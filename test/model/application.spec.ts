import { describeAgreement } from './agreement.js';
import { IDENTIFIED } from './models.js';

describeAgreement([IDENTIFIED]);
