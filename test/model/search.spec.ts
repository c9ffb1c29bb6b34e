import { IDENTIFIED, REDELIVERED } from './models.js';
import { describeClosure } from './closure.js';

// Every word, what can run out, who is behind, and deciders that break a rule are searched for with the slow ones.
describeClosure([
  [REDELIVERED, 800],
  [IDENTIFIED, 100],
]);
