import { expectProblem, fresh, raw, serving, type Start } from './http.js';

const NUL = String.fromCharCode(0);

/** docs/http-api.md, Ids: what an execution id may be, and the attempt it names. */
export function describeIds(start: Start): void {
  describe('execution ids', () => {
    const http = serving(start);

    /** A new execution in its second attempt. */
    async function resumed() {
      const id = fresh();
      await http.tell(id, 'failed');
      const resume = await http.post(`/executions/${id}/resume`);
      expect(resume.body).toMatchObject({ attempt: 2, report_as: `${id}~2` });
      return id;
    }

    it.each([
      ['a slash', 'a/b//c'],
      ['quotes', `'"\`'`],
      ['percent, question mark, hash, plus', '100%25?x=1#y+z &'],
      ['emoji', '🚀👩‍👩‍👧‍👦'],
      ['a backslash', 'a\\b\\u0000'],
      ['SQL', "'; drop table ledger.events; --"],
      ['a tilde that names no attempt', 'a~b'],
      ['a tilde at the end', 'a~'],
      ['a member of every object', '__proto__'],
      ['another', 'constructor'],
    ])('may hold %s, and come back as they went in', async (_what, written) => {
      const id = fresh() + written;
      expect((await http.tell(id, 'running')).body).toMatchObject({ created: true, execution_id: id });
      expect((await http.say(id, 'succeeded')).body).toMatchObject({ execution_id: id, status: 'succeeded' });
      expect(await http.show(id)).toMatchObject({ execution_id: id, run_id: id, status: 'succeeded', attempt: 1 });
      expect(await http.history(id)).toMatchObject({ execution_id: id, final: true });
      const batch = await http.post('/executions/batch-status', { execution_ids: [id] });
      expect(batch.body[id]).toMatchObject({ execution_id: id });
      const registered = await http.post('/executions', { execution_id: `${id}r` });
      expect(registered.headers.get('location')).toBe(`/api/v1/executions/${encodeURIComponent(`${id}r`)}`);
    });

    it('are never trimmed', async () => {
      const id = fresh();
      await http.tell(` ${id} `, 'running');
      expectProblem(await http.get(`/executions/${id}`), 404, 'not_found');
      expect(await http.show(` ${id} `)).toMatchObject({ execution_id: ` ${id} ` });
    });

    it.each([
      ['of 255 characters are taken', 'x'],
      ['of 255 characters are taken, whatever those take in bytes', '🚀'],
    ])('%s, of 256 are 400; a suffix is not counted', async (_rule, character) => {
      const tail = fresh('');
      const id = character.repeat(255 - tail.length) + tail;
      expect((await http.tell(id, 'running')).body).toMatchObject({ verdict: 'applied', execution_id: id });
      expect((await http.tell(`${id}~1`, 'running', { message: 'm' })).body).toMatchObject({ verdict: 'applied' });
      expect((await http.say(`${id}~1`, 'succeeded')).status).toBe(200);
      expectProblem(await http.tell(character + id, 'running'), 400, 'validation');
      expectProblem(await http.say(character + id, 'running'), 400, 'validation');
    });

    it.each([
      ['empty', ''],
      ['"."', '.'],
      ['".."', '..'],
      ['with a NUL', `a${NUL}b`],
      ['with a line break', 'a\nb'],
      ['with DEL', 'a\u007fb'],
      ['with a C1 control character', 'a\u0085b'],
      ['with a lone high surrogate', 'a\ud800b'],
      ['with a lone low surrogate', '\udc00'],
      ['~0', 'a~0'],
      ['~01', 'a~01'],
      ['a bare ~3', '~3'],
    ])('%s: 400 in every body, and left out as the parent of a report', async (_what, id) => {
      const text = JSON.stringify({ execution_id: id, status: 'running' });
      expectProblem(await http.post('/workflow/executions/events', text), 400, 'validation');
      expectProblem(await http.post('/executions', { execution_id: id }), 400, 'validation');
      expectProblem(await http.post('/executions', { parent_execution_id: id }), 400, 'validation');
      expectProblem(await http.post('/executions/batch-status', { execution_ids: [id] }), 400, 'validation');
      // Of a report it costs only the parent: what it is about can be read.
      const { body } = await http.tell(fresh(), 'running', { parent_execution_id: id });
      expect(body).toMatchObject({ applied: true, ignored: [{ path: 'parent_execution_id' }] });
    });

    it.each([
      ['"."', '%2E'],
      ['".."', '%2e%2e'],
      ['NUL', 'a%00'],
      ['a control character', 'a%0A'],
      ['a lone surrogate, which is no UTF-8', 'a%ED%A0%80'],
      ['a broken escape', 'a%zz'],
      ['~0', 'a~0'],
      ['~01', 'a%7E01'],
      ['a bare ~3', '~3'],
    ])('%s: 400 in the path', async (_what, id) => {
      for (const path of [id, `${id}/events`, `${id}/state?at_revision=0`])
        expectProblem(await raw(http.url, { path: `/api/v1/executions/${path}` }), 400, 'validation');
      const path = `/api/v1/executions/${id}/cancel`;
      expectProblem(await raw(http.url, { method: 'POST', path }), 400, 'validation');
    });

    it('a trailing ~<n> names the attempt in the path, the body and batch-status, and reads ignore it', async () => {
      const id = await resumed();
      expect((await http.tell(`${id}~1`, 'succeeded')).body).toMatchObject({ verdict: 'fenced', execution_id: id });
      expect((await http.tell(`${id}~3`, 'succeeded')).body).toMatchObject({ verdict: 'unknown_attempt' });
      expect(expectProblem(await http.say(`${id}~1`, 'succeeded'), 409, 'fenced')).toMatchObject({
        verdict: 'fenced',
        requested: 'succeeded',
        report_as: `${id}~2`,
        current: { status: 'running', attempt: 2 },
      });
      for (const read of ['', '/events', '/refused', '/state?at_revision=0'])
        expect((await http.get(`/executions/${id}~7${read}`)).body).toMatchObject({ execution_id: id });
      const batch = await http.post('/executions/batch-status', { execution_ids: [`${id}~1`, `${id}~9`, 'nobody~4'] });
      expect(Object.keys(batch.body)).toEqual([`${id}~1`, `${id}~9`, 'nobody~4']);
      expect(batch.body[`${id}~1`]).toMatchObject({ execution_id: id, attempt: 2 });
      expect(batch.body['nobody~4']).toEqual({ execution_id: 'nobody', status: 'not_found' });
      expect((await http.say(`${id}~2`, 'succeeded')).body).toMatchObject({ verdict: 'applied', status: 'succeeded' });
    });

    it('a parent and the filter for it are read without the attempt they name', async () => {
      const [parent, child, other] = [fresh('parent'), fresh(), fresh()];
      await http.tell(child, 'running', { parent_execution_id: `${parent}~2` });
      const { body } = await http.post('/executions', { execution_id: other, parent_execution_id: `${parent}~1` });
      expect(await http.show(child)).toMatchObject({ parent_execution_id: parent });
      const listed = await http.get(`/executions?parent_execution_id=${parent}~5&wait_for=${body.position}`);
      expect(listed.body.executions.map((one: { execution_id: string }) => one.execution_id)).toEqual([other, child]);
    });

    it('a body attempt that disagrees is 400, one that agrees is taken', async () => {
      const id = await resumed();
      expectProblem(await http.tell(`${id}~2`, 'running', { attempt: 1 }), 400, 'validation');
      expectProblem(await http.say(`${id}~2`, 'running', { attempt: 1 }), 400, 'validation');
      for (const endpoint of ['progress', 'heartbeat', 'dispatch'])
        expectProblem(
          await http.post(`/executions/${id}~2/${endpoint}`, { attempt: 1, message: 'm' }),
          400,
          'validation',
        );
      const abort = { phase: 'staging', error: 'e', attempt: 1 };
      expectProblem(await http.post(`/executions/${id}~2/abort`, abort), 400, 'validation');
      expect((await http.tell(`${id}~2`, 'running', { attempt: 2 })).body).toMatchObject({ verdict: 'applied' });
    });

    it('commands with n ≠ current are fenced; registering such an id is 400', async () => {
      const id = await resumed();
      for (const n of [1, 3]) {
        for (const command of ['pause', 'cancel', 'resume', 'dispatch']) {
          const answer = await http.post(`/executions/${id}~${n}/${command}`);
          expect(expectProblem(answer, 409, 'fenced')).toMatchObject({ verdict: 'fenced', report_as: `${id}~2` });
        }
        const abort = await http.post(`/executions/${id}~${n}/abort`, { phase: 'staging', error: 'e' });
        expectProblem(abort, 409, 'fenced');
      }
      expectProblem(await http.post('/executions', { execution_id: `${fresh()}~1` }), 400, 'validation');
      expect((await http.post(`/executions/${id}~2/pause`)).body).toMatchObject({ applied: true });
    });
  });
}
