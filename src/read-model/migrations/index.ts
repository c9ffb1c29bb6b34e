import { CreateCheckpoints1764000100000 } from './1764000100000-create-checkpoints.js';
import { ControlProjections1764000200000 } from './1764000200000-control-projections.js';

/** In the order in which they run. */
export const readModelMigrations = [CreateCheckpoints1764000100000, ControlProjections1764000200000];
