import Fastify from 'fastify';
import pg from 'pg';
import { Report } from './report.js';

/**
 * What people write instead of a ledger: one table with a status column, where the last writer wins. No history, no verdict, no
 * check. It is started by `startServer` and listens on PORT.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS executions (
    execution_id text PRIMARY KEY,
    status text NOT NULL,
    progress double precision,
    message text,
    updated_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX IF NOT EXISTS executions_by_status ON executions (status)`;
const WRITE = {
  name: 'write',
  text: `INSERT INTO executions (execution_id, status, progress, message) VALUES ($1, $2, $3, $4)
         ON CONFLICT (execution_id) DO UPDATE
         SET status = $2, progress = $3, message = $4, updated_at = now()
         RETURNING execution_id, status, progress, message, updated_at`,
};
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 20 });
await pool.query(SCHEMA);

const app = Fastify();
app.get('/health/ready', () => ({ ready: true }));
app.post<{ Params: { id: string } }>('/api/v1/executions/:id/status', async (request) => {
  const { status, progress, message } = Report.parse(request.body);
  const { rows } = await pool.query({ ...WRITE, values: [request.params.id, status, progress, message] });
  return rows[0];
});
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });

process.once('SIGTERM', () => void app.close().then(() => pool.end()));
