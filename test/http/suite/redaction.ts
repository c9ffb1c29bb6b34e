import { expectProblem, fresh, lines, serving, type Start } from './http.js';

const TOKEN = (of: string): string => `ghp_${of.repeat(36)}`;
const REDACT = 'input.*.password; data.headers.authorization; /gh[pousr]_[A-Za-z0-9]{36}/';

/** What a secret leaves of itself. */
export function describeRedaction(start: Start): void {
  describe('secrets are taken out of what is sent', () => {
    const http = serving(start, { REDACT });

    it('before it is kept, and every event says where', async () => {
      const id = fresh();
      const data = { headers: { authorization: 'a', host: 'h' } };
      await http.tell(id, 'running', {
        input_data: { db: { password: 'p', port: 1 } },
        data,
        message: `m ${TOKEN('a')}`,
      });
      const shown = await http.show(id);
      expect(shown).toMatchObject({ input: { db: { password: '[redacted]', port: 1 } }, message: 'm [redacted]' });
      const { events } = await http.history(id);
      const redacted = ['input.db.password', 'data.headers.authorization', 'message'];
      expect(events.map((event: { redacted: string[] }) => [...event.redacted].sort())).toEqual(
        events.map(() => [...redacted].sort()),
      );
      expect(events.at(-1).data.data).toEqual({ headers: { authorization: '[redacted]', host: 'h' } });
    });

    it('a refused report is kept without them', async () => {
      const id = fresh();
      await http.tell(id, 'succeeded');
      await http.tell(id, 'failed', { error: { token: TOKEN('a') }, output: TOKEN('b') });
      const [refused] = await http.refused(id);
      expect(refused).toMatchObject({ verdict: 'conflict', redacted: ['error.token', 'output'] });
      expect(refused.data.report).toMatchObject({ error: { token: '[redacted]' }, output: '[redacted]' });
    });

    it('whatever the secret was, a request sent again under its id is its repetition', async () => {
      const id = fresh();
      const told = (of: string, more = {}) => http.tell(id, 'running', { event_id: 'e', message: TOKEN(of), ...more });
      expect((await told('a')).body).toMatchObject({ applied: true });
      expect((await told('a')).body).toMatchObject({ applied: true, replayed: true });
      expect((await told('b')).body).toMatchObject({ applied: true, replayed: true });
      expect((await told('a', { worker: 'w' })).body).toMatchObject({ verdict: 'id_reused' });
      expect((await http.tell(id, 'running', { message: TOKEN('c') })).body).toMatchObject({ verdict: 'duplicate' });
    });

    it('of many reports each says where, and one with a secret in its id is malformed alone', async () => {
      const [one, other] = [fresh(), fresh()];
      const reports = [
        { execution_id: one, data: TOKEN('a') },
        { execution_id: TOKEN('a') },
        { execution_id: other, data: 'b' },
      ];
      const body = reports.map((report) => JSON.stringify({ status: 'running', ...report })).join('\n');
      const receipts = lines((await http.post('/reports', body, { 'content-type': 'application/x-ndjson' })).text);
      expect(receipts.map(({ verdict }) => verdict)).toEqual(['applied', 'malformed', 'applied']);
      expect(receipts[1].error).toBe('execution_id: holds what REDACT keeps out of the log');
      expect((await http.history(one)).events.at(-1)).toMatchObject({
        data: { data: '[redacted]' },
        redacted: ['data'],
      });
      expect((await http.history(other)).events.at(-1)).not.toHaveProperty('redacted');
    });

    it('an id with a secret in it is refused: replaced, it would be another one', async () => {
      expectProblem(await http.tell(TOKEN('a'), 'running'), 400, 'validation');
      expectProblem(await http.post('/executions', { command_id: TOKEN('a') }), 400, 'validation');
      expectProblem(await http.post('/executions', {}, { 'idempotency-key': TOKEN('a') }), 400, 'validation');
    });

    it('what a command says, and who is said to have sent it', async () => {
      const id = fresh();
      await http.tell(id, 'running');
      await http.post('/bulk/cancel', { execution_ids: [id], reason: `r ${TOKEN('a')}` }, { 'x-actor-id': TOKEN('b') });
      const last = (await http.history(id)).events.at(-1);
      expect(last).toMatchObject({
        data: { reason: 'r [redacted]' },
        on_behalf_of: '[redacted]',
        redacted: ['reason'],
      });
    });

    it('numbers that no double holds come through', async () => {
      const id = fresh();
      const sent = `{"execution_id":"${id}","status":"ok","result":{"a":12345678901234567890,"b":"${TOKEN('a')}"}}`;
      await http.call('POST', '/workflow/executions/events', sent);
      expect((await http.get(`/executions/${id}`)).text).toContain(
        '"result":{"a":12345678901234567890,"b":"[redacted]"}',
      );
    });

    it('a delivery of GitHub has its reports without them', async () => {
      const headers = { 'x-github-event': 'check_run', 'x-github-delivery': fresh() };
      const check_run = { id: Date.now(), name: 'n', status: 'in_progress', output: { title: TOKEN('a') } };
      const { body } = await http.post('/sources/github', { repository: { full_name: 'a/b' }, check_run }, headers);
      const [{ execution_id: id }] = body.receipts;
      expect(await http.show(id)).toMatchObject({ message: '[redacted]' });
      expect((await http.history(id)).events.at(-1)).toMatchObject({ redacted: ['message'] });
    });
  });
}
