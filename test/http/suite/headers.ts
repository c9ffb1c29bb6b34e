import { followStream } from '../../support/ledger/event-stream.js';
import { CONDITIONAL, opened } from './endpoints.js';
import { expectProblem, fresh, POSITION, raw, serving, standing, type Answer, type Start } from './http.js';
import { describeRequestIds } from './request-ids.js';

function describeIfMatch(start: Start): void {
  describe('If-Match', () => {
    const http = serving(start);

    it.each(CONDITIONAL)('on %s: another revision is 412, compared before the decision', async (endpoint, body) => {
      const id = await opened(http);
      const answer = await http.post(`/executions/${id}/${endpoint}`, body, { 'if-match': '"7"' });
      const problem = expectProblem(answer, 412, 'precondition_failed');
      expect(problem.current).toMatchObject({ status: 'pending', revision: 0 });
      expect((await http.show(id)).revision).toBe(0);
      // Sealed, the decision would refuse every one of these: the revision still comes first.
      const sealed = await standing(http, 'succeeded');
      expectProblem(await http.post(`/executions/${sealed}/${endpoint}`, body, { 'if-match': '"0"' }), 412);
      expect(await http.refused(sealed)).toEqual([]);
    });

    it.each(CONDITIONAL)('on %s: at that revision it is decided', async (endpoint, body) => {
      const id = await opened(http);
      const answer = await http.post(`/executions/${id}/${endpoint}`, body, { 'if-match': '"0"' });
      expect(answer.status).toBe(endpoint === 'resume' ? 409 : 200);
    });

    it.each(['0', '""', '"a"', '"0", "a"', '"0", *', '"0" "1"', '"-1"', '"0.0"', 'w/"0"', 'W/0', '"0'])(
      '%s is another form: 400 on every conditional endpoint',
      async (form) => {
        const id = await opened(http);
        for (const [endpoint, body] of CONDITIONAL)
          expectProblem(
            await http.post(`/executions/${id}/${endpoint}`, body, { 'if-match': form }),
            400,
            'validation',
          );
        expect((await http.show(id)).revision).toBe(0);
      },
    );

    it.each(['W/"0"', '"7", "0"', 'W/"7" ,W/"0"', '*'])(
      '%s is met at revision 0, on every conditional endpoint',
      async (form) => {
        for (const [endpoint, body] of CONDITIONAL) {
          const answer = await http.post(`/executions/${await opened(http)}/${endpoint}`, body, { 'if-match': form });
          expect([endpoint, answer.status]).toEqual([endpoint, endpoint === 'resume' ? 409 : 200]);
        }
      },
    );

    it.each(['W/"7"', '"7", "8"'])('%s is not: 412', async (form) => {
      for (const [endpoint, body] of CONDITIONAL) {
        const answer = await http.post(`/executions/${await opened(http)}/${endpoint}`, body, { 'if-match': form });
        expectProblem(answer, 412, 'precondition_failed');
      }
    });

    it('of what does not exist is 404, * as well', async () => {
      for (const form of ['"0"', '*'])
        expectProblem(
          await http.post(`/executions/${fresh()}/cancel`, undefined, { 'if-match': form }),
          404,
          'not_found',
        );
    });

    it('is ignored on fire-and-forget and register', async () => {
      const id = fresh();
      for (const form of ['"7"', '*']) {
        const registered = await http.post('/executions', { execution_id: id }, { 'if-match': form });
        expect(registered.body).toMatchObject({ applied: true });
        const report = { execution_id: id, status: 'running', message: form };
        const told = await http.post('/workflow/executions/events', report, { 'if-match': form });
        expect(told.body).toMatchObject({ applied: true });
        const bulk = await http.post('/reports', [{ ...report, message: `${form}!` }], { 'if-match': form });
        expect(JSON.parse(bulk.text)).toMatchObject({ applied: true });
      }
    });

    it('is asked after the id: a replay is answered whatever revision it names', async () => {
      const id = await opened(http);
      const ask = () => http.post(`/executions/${id}/pause`, { command_id: 'p' }, { 'if-match': '"0"' });
      const [first, again] = [await ask(), await ask()];
      expect(first.body).toMatchObject({ applied: true, position: expect.any(String) });
      expect(again.body).toEqual({ ...first.body, replayed: true });
    });

    it('is never retried for: of many at one revision one wins, the others get 412', async () => {
      const id = await opened(http);
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          http.post(`/executions/${id}/progress`, { message: `m${n}` }, { 'if-match': '"0"' }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(15).fill(412)]);
      expect((await http.show(id)).revision).toBe(1);
    });
  });
}

function describeIfNoneMatch(start: Start): void {
  describe('If-None-Match', () => {
    const http = serving(start);
    const READS = ['', '?until=terminal&wait_ms=0', '/events', '/state?at_revision=1'];
    const ask = (path: string, tag: string, method = 'GET') =>
      raw(http.url, { method, path: `/api/v1${path}`, headers: { 'if-none-match': tag } });

    it.each(READS)('on a read with an ETag, 304 without a body and with the ETag: %s', async (read) => {
      const path = `/executions/${await standing(http, 'running')}${read}`;
      for (const tag of ['"1"', 'W/"1"', '"7", W/"1"', '*'])
        for (const method of ['GET', 'HEAD']) {
          const { status, headers, text } = await ask(path, tag, method);
          expect([status, headers.etag, text, headers['content-type']]).toEqual([304, '"1"', '', undefined]);
          expect(headers['ledger-position']).toEqual(POSITION);
        }
      for (const tag of ['"0"', 'W/"7"', '"7", "8"', '1', '']) expect((await ask(path, tag)).status).toBe(200);
    });

    it('tells of the next revision, and what is wrong as before', async () => {
      const id = await standing(http, 'running');
      expect((await ask(`/executions/${id}`, '"1"')).status).toBe(304);
      await http.tell(id, 'done');
      const { status, headers, text } = await ask(`/executions/${id}`, '"1"');
      expect([status, headers.etag, JSON.parse(text).status]).toEqual([200, '"2"', 'succeeded']);
      expectProblem(await ask(`/executions/${fresh()}`, '*'), 404, 'not_found');
    });

    it('is no matter to what writes, or has no ETag', async () => {
      const id = await standing(http, 'running');
      const done = await http.say(id, 'running', { progress: 7 }, { 'if-none-match': '*' });
      expect([done.status, done.body.applied]).toEqual([200, true]);
      expect((await ask('/executions?limit=1', '*')).status).toBe(200);
    });
  });
}

function describeAnswerHeaders(start: Start): void {
  describe('headers for browsers', () => {
    const http = serving(start);

    it.each([
      ['GET', '/executions', 200],
      ['GET', '/executions/nobody', 404],
      ['GET', '/nothing', 404],
      ['PUT', '/executions', 405],
      ['POST', '/executions', 400],
      ['GET', '//health/ready', 200],
      ['GET', '//metrics', 200],
      ['GET', '//docs/openapi.json', 200],
      ['GET', '//docs/', 200],
      ['GET', '//', 200],
    ] as const)('are on every answer: %s %s', async (verb, path, status) => {
      const answer = await http.call(verb, path, verb === 'POST' ? '[' : undefined);
      expect(answer.status).toBe(status);
      const headers = Object.fromEntries(answer.headers);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
      });
      expect(headers['content-security-policy']).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
      for (const none of ['server', 'x-powered-by', 'set-cookie', 'strict-transport-security'])
        expect(headers).not.toHaveProperty(none);
      if (!path.startsWith('//docs/')) expect(headers['cache-control']).toBe('no-store');
    });

    it('are on a stream as well', async () => {
      const { response, stop } = await followStream(http.url);
      stop();
      expect(response.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    });
  });

  describe('headers of answers', () => {
    const http = serving(start);
    const etag = ({ headers }: Answer) => headers.get('etag');
    const position = ({ headers }: Answer) => headers.get('ledger-position');

    it('ETag: "<revision>" on every answer that shows one execution', async () => {
      const id = fresh();
      expect(etag(await http.post('/executions', { execution_id: id }))).toBe('"0"');
      expect(etag(await http.say(id, 'running'))).toBe('"1"');
      expect(etag(await http.post(`/executions/${id}/progress`, { progress: 3 }))).toBe('"2"');
      expect(etag(await http.get(`/executions/${id}`))).toBe('"2"');
      expect(etag(await http.get(`/executions/${id}/state?at_revision=1`))).toBe('"1"');
      expect(etag(await http.say(id, 'running'))).toBe('"2"');
    });

    it('Ledger-Position on writes is that of the last event appended, as the receipt says', async () => {
      const id = fresh();
      const answers = [
        await http.post('/executions', { execution_id: id, command_id: 'r' }),
        await http.tell(id, 'running', { progress: 50 }),
        await http.say(id, 'running', { message: 'm' }),
        await http.post(`/executions/${id}/progress`, { data: 1 }),
        await http.post(`/executions/${id}/pause`),
        await http.post(`/executions/${id}/resume`),
        await http.post(`/executions/${id}/cancel`),
      ];
      const { events } = await http.history(id);
      const ends = [0, 2, 3, 4, 5, 6, 7].map((revision) => events[revision].position);
      expect(answers.map(position)).toEqual(ends);
      expect(answers.map(({ body }) => body.position)).toEqual(ends);
      const replayed = await http.post('/executions', { execution_id: id, command_id: 'r' });
      expect(position(replayed)).toBe(ends[0]);
      const refused = await http.tell(id, 'running');
      expect([position(refused), refused.body.position]).toEqual([null, undefined]);
    });

    it('Ledger-Position on reads is the position the answer reflects', async () => {
      const id = fresh();
      const { body } = await http.tell(id, 'failed');
      expect(position(await http.get(`/executions/${id}`))).toBe(body.position);
      expect(position(await http.get(`/executions/${id}/events`))).toBe(body.position);
      expect(position(await http.get(`/executions/${id}/state?at_revision=0`))).toBe(
        (await http.history(id)).events[0].position,
      );
      const list = await http.get(`/executions?wait_for=${body.position}`);
      expect(position(list)).toBe(list.body.as_of.position);
      expect(BigInt(position(list)!)).toBeGreaterThanOrEqual(BigInt(body.position));
      const log = await http.get(`/events?after=${BigInt(body.position) - 1n}`);
      expect(BigInt(position(log)!)).toBeGreaterThanOrEqual(BigInt(body.position));
      const batch = await http.post('/executions/batch-status', { execution_ids: [id] });
      expect(BigInt(position(batch)!)).toBeGreaterThanOrEqual(BigInt(body.position));
    });
  });
}

function describeTraces(start: Start): void {
  describe('who and in which trace', () => {
    const http = serving(start);
    const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;

    it.each([
      ['X-Correlation-ID becomes correlation_id', { 'x-correlation-id': 'order 7' }, 'order 7'],
      ['else the trace id of traceparent does', { traceparent }, TRACE],
      ['X-Correlation-ID goes first', { 'x-correlation-id': 'mine', traceparent }, 'mine'],
      ['neither: none', {}, undefined],
    ])('%s', async (_rule, headers: Record<string, string>, correlation_id) => {
      const id = fresh();
      await http.post('/executions', { execution_id: id }, headers);
      await http.post('/workflow/executions/events', { execution_id: id, status: 'running' }, headers);
      await http.post(`/executions/${id}/cancel`, undefined, headers);
      await http.post('/workflow/executions/events', { execution_id: id, status: 'running' }, headers);
      const events = [...(await http.history(id)).events, ...(await http.refused(id))];
      expect(events).toHaveLength(4);
      expect(events.map((event) => event.correlation_id)).toEqual(Array(4).fill(correlation_id));
    });

    it('X-Actor-ID is read as UTF-8, and as Latin-1 where it is no UTF-8', async () => {
      const id = fresh();
      const sent = ['Žofie Müller', 'Müller'];
      const bytes = [Buffer.from(sent[0]!), Buffer.from(sent[1]!, 'latin1')];
      for (const [n, name] of bytes.entries())
        await http.post(
          '/workflow/executions/events',
          { execution_id: id, message: `m${n}` },
          { 'x-actor-id': name.toString('latin1') },
        );
      const { events } = await http.history(id);
      const behalf = events.slice(1).map((event: { on_behalf_of?: string }) => event.on_behalf_of);
      expect(behalf).toEqual(sent);
    });

    it('reporter.actor is anonymous without keys, X-Actor-ID is kept as on_behalf_of, the authority is the endpoint’s', async () => {
      const id = fresh();
      const actor = { 'x-actor-id': 'alice@example.com' };
      await http.post('/executions', { execution_id: id }, actor);
      await http.say(id, 'failed', { inferred: true }, actor);
      await http.say(id, 'failed', {}, actor);
      await http.post(`/executions/${id}/cancel`);
      const { events } = await http.history(id);
      expect(events.map((event: { reporter: object }) => event.reporter)).toEqual([
        { actor: 'anonymous', authority: 'operator' },
        { actor: 'anonymous', authority: 'watchdog' },
        { actor: 'anonymous', authority: 'worker' },
        { actor: 'anonymous', authority: 'operator' },
      ]);
      expect(events.map((event: { on_behalf_of?: string }) => event.on_behalf_of)).toEqual([
        ...Array(3).fill('alice@example.com'),
        undefined,
      ]);
    });
  });
}

/** docs/http-api.md, Headers: request ids, conditions, and what answers carry. */
export function describeHeaders(start: Start): void {
  describeRequestIds(start);
  describeIfMatch(start);
  describeIfNoneMatch(start);
  describeAnswerHeaders(start);
  describeTraces(start);
}
