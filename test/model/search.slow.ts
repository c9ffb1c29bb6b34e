import { CONCURRENT, EVERYTHING, LAGGING, WORDED } from './models.js';
import { describeClosure } from './closure.js';

describeClosure([
  [WORDED, 450],
  [LAGGING, 3_000],
  [EVERYTHING, 7_000],
  [CONCURRENT, 69_000],
]);
