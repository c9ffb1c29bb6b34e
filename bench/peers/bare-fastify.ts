import Fastify from 'fastify';
import { Report } from './report.js';

/** What the framework alone costs: the body is read by its schema and answered, and nothing is kept. */
const app = Fastify();
app.get('/health/ready', () => ({ ready: true }));
app.post<{ Params: { id: string } }>('/api/v1/executions/:id/status', (request) => ({
  execution_id: request.params.id,
  ...Report.parse(request.body),
}));
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });

process.once('SIGTERM', () => void app.close());
