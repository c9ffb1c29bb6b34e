import { expectProblem, fresh, serving, type Http, type Start } from './http.js';

const NOBODY = {
  pending: 0,
  queued: 0,
  running: 0,
  waiting: 0,
  paused: 0,
  succeeded: 0,
  failed: 0,
  timeout: 0,
  cancelled: 0,
};

/** Rules of every door that reads projected data. */
function describeProjected(http: Http, door: () => string): void {
  const query = (more: string): string => `${door()}${door().includes('?') ? '&' : '?'}${more}`;

  it('says how far its projection is', async () => {
    const { body: told } = await http.tell(fresh(), 'running');
    const answer = await http.get(query(`wait_for=${told.position}`));
    expect(answer.status).toBe(200);
    const { position, at, lag_ms, lag_events } = answer.body.as_of;
    expect(BigInt(position)).toBeGreaterThanOrEqual(BigInt(told.position));
    expect(answer.headers.get('ledger-position')).toBe(position);
    expect(new Date(at).toISOString()).toBe(at);
    expect([typeof lag_ms, typeof lag_events]).toEqual(['number', 'number']);
  });

  it('refuses what it does not know, and a position beyond the head', async () => {
    expectProblem(await http.get(query('colour=red')), 400, 'validation');
    expectProblem(await http.get(query('wait_for=999999999')), 409, 'position_ahead');
    expectProblem(await http.get(query('wait_for=-1')), 400, 'validation');
  });
}

function describeCounts(http: Http): void {
  const counts = async (position: string, query = '') => {
    const answer = await http.get(`/status-counts?wait_for=${position}${query}`);
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
    return answer.body.counts as Record<string, number>;
  };

  it('count each execution where it stands, and move with it', async () => {
    const [id, workflow_id] = [fresh(), fresh('w')];
    const { body: first } = await http.tell(id, 'running', { workflow_id, type: 'node' });
    const before = await counts(first.position);
    expect(Object.keys(before).sort()).toEqual(Object.keys(NOBODY).sort());
    await http.tell(id, 'running', { workflow_id }); // says nothing new
    const { body: last } = await http.tell(id, 'failed', { inferred: true });
    expect(await counts(last.position)).toEqual({
      ...before,
      running: before['running']! - 1,
      failed: before['failed']! + 1,
    });
    const { body: right } = await http.tell(id, 'succeeded'); // the worker knows better
    expect(await counts(right.position)).toEqual({
      ...before,
      running: before['running']! - 1,
      succeeded: before['succeeded']! + 1,
    });
    expect(await counts(right.position, `&workflow_id=${workflow_id}`)).toEqual({ ...NOBODY, succeeded: 1 });
    expect(await counts(right.position, `&workflow_id=${workflow_id}&target=node`)).toEqual({
      ...NOBODY,
      succeeded: 1,
    });
    expect(await counts(right.position, `&workflow_id=${workflow_id}&target=other`)).toEqual(NOBODY);
  });
}

/** wire.md, Reads: what many executions come to. */
export function describeSummaries(start: Start): void {
  describe('summaries', () => {
    const http = serving(start);
    describe('GET /status-counts', () => {
      describeProjected(http, () => '/status-counts');
      describeCounts(http);
    });
  });
}
