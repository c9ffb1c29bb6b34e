import { CONCURRENT, EVERYTHING, LAGGING } from './models.js';
import { describeClosure } from './closure.js';

describeClosure([
  [LAGGING, 3_000],
  [EVERYTHING, 7_000],
  [CONCURRENT, 69_000],
]);
