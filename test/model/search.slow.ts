import { CONCURRENT, EVERYTHING } from './models.js';
import { describeClosure } from './closure.js';

describeClosure([
  [EVERYTHING, 7_000],
  [CONCURRENT, 69_000],
]);
