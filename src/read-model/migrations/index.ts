import { CreateCheckpoints1764000100000 } from './1764000100000-create-checkpoints.js';

/** In the order in which they run. */
export const readModelMigrations = [CreateCheckpoints1764000100000];
