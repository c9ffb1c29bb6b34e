import type { RowProjection } from '../../projections/projection.js';

/** The last message of each execution, and who said it. */
export const lastWords: RowProjection = {
  kind: 'rows',
  name: 'last-words',
  version: 1,
  key: 'execution_id',
  columns: {
    execution_id: { type: 'text' },
    revision: { type: 'integer' },
    worker: { type: 'text', nullable: true },
    message: { type: 'text', nullable: true },
  },
  indexes: [{ columns: ['worker'], where: 'worker is not null' }],
  contribute: (_before, after, { execution_id }) => ({
    execution_id,
    revision: after.revision,
    worker: after.worker ?? null,
    message: after.message ?? null,
  }),
};
