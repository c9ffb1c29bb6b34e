import { CONCURRENT, LAGGING, TIMED, WORDED } from './models.js';
import { describeClosure } from './closure.js';

describeClosure([
  [WORDED, 450],
  [LAGGING, 3_000],
  [TIMED, 16_000],
  [CONCURRENT, 21_000],
]);
