import { fresh, serving, type Http, type Start } from './http.js';
import { eventually } from '../../support/eventually.js';

/** JSON as a careful program writes it: what must come back digit by digit, escape by escape, key by key. */
const PAYLOADS: readonly [string, string][] = [
  ['NUL in a string and in a key', '{"a\\u0000b":"c\\u0000"}'],
  ['lone surrogates', '["\\ud800","x\\udc00y","\\udfff\\ud83d",{"\\ud800":1}]'],
  ['pairs and other planes', '"🚀👩‍👩‍👧‍👦 \u2028\u2029\ufffe\uffff"'],
  ['backslashes that look like escapes', '"\\\\u0000 \\\\\\\\ud800 \\\\"'],
  ['control characters', '"\\u0001\\b\\t\\n\\f\\r\\u001f\u007f"'],
  ['integers beyond 2^53', '[9007199254740993,-9007199254740993,123456789012345678901234567890]'],
  ['more digits than a double has', '0.1000000000000000055511151231257827'],
  ['numbers beyond a double', '{"a":1e400,"b":-1e400,"c":1e-400}'],
  ['members of every object', '{"__proto__":{"a":1},"constructor":1,"toString":null,"hasOwnProperty":[]}'],
  ['the same beside a big number', '{"__proto__":{"a":9007199254740993},"toJSON":1,"constructor":{"prototype":1}}'],
  ['what a big number might be kept as', '{"isLosslessNumber":true,"value":"1]}","type":"LosslessNumber"}'],
  ['the same beside a big number', '[{"isLosslessNumber":true,"value":"7"},{"digits":"7"},9007199254740993]'],
  ['keys in their order', '{"b":1,"a":2,"":3}'],
  ['null', 'null'],
  ['false', 'false'],
  ['an empty string', '""'],
  ['nothing in something', '{"a":{},"b":[],"c":[[],{}]}'],
];
const STRINGS: readonly [string, string][] = [
  ['NUL', '"a\\u0000b"'],
  ['lone surrogates', '"\\ud800 \\udc00"'],
  ['backslashes', '"\\\\u0000\\\\"'],
  ['everything else', '"\\u0001\\u001f🚀\'\\"%_"'],
];

const post = (http: Http, path: string, text: string) => http.post(path, text);
const events = '/workflow/executions/events';

function describePayloads(http: Http): void {
  it.each(PAYLOADS)('%s comes back exactly as it went in: %s', async (_what, json) => {
    const [told, said] = [fresh(), fresh()];
    await post(http, '/executions', `{"execution_id":"${said}","input":${json}}`);
    await post(http, `/executions/${said}/dispatch`, `{"handle":${json}}`);
    await post(http, events, `{"execution_id":"${told}","status":"running","input_data":${json},"data":${json}}`);
    await post(http, events, `{"execution_id":"${told}","status":"ok","result":${json}}`);
    const failed = `{"status":"failed","error":"e","error_details":${json},"result":${json}}`;
    const { text, body } = await post(http, `/executions/${said}/status`, failed);
    const absent = json === 'null'; // null means absent, except in result and data
    const shown = absent ? '"result":null' : `"error_details":${json}`;
    expect(text).toContain(shown);
    const one = (await http.get(`/executions/${told}`)).text;
    expect(one).toContain(`"result":${json}`);
    if (!absent) expect(one).toContain(`"input":${json}`);
    const other = (await http.get(`/executions/${said}?wait_for=${body.position}`)).text;
    for (const key of absent ? ['result', 'handle', 'input'] : ['result', 'error_details', 'handle', 'input'])
      expect(other).toContain(`"${key}":${json}`);
    const history = (await http.get(`/executions/${told}/events`)).text;
    expect(history).toContain(`"data":${json}`);
    expect(history).toContain(`"result":${json}`);
    const batch = await http.post('/executions/batch-status', { execution_ids: [said] });
    expect(batch.text).toContain(`"handle":${json}`);
    expect((await http.get(`/executions/${told}/state?at_revision=2`)).text).toContain(`"result":${json}`);
    expect((await http.get(`/executions?q=${said}`)).text).toContain(`"handle":${json}`);
    const log = await http.get(`/events?after=${BigInt(body.position) - 1n}&limit=1`);
    expect(log.text).toContain(absent ? '"error":"e"' : `"error_details":${json}`);
  });

  it.each(PAYLOADS)('%s is kept whole in a refused report: %s', async (_what, json) => {
    const id = fresh();
    await post(http, events, `{"execution_id":"${id}","status":"ok"}`);
    const report = `{"execution_id":"${id}","status":"failed","nobody_knows":${json},"result":${json}}`;
    expect((await post(http, events, report)).body.verdict).toBe('conflict');
    expect((await http.get(`/executions/${id}/refused`)).text).toContain(`"report":${report}`);
  });

  it.each(PAYLOADS)('%s travels through POST /reports: %s', async (_what, json) => {
    const [line, element] = [fresh(), fresh()];
    const report = (id: string) => `{"execution_id":"${id}","status":"ok","result":${json}}`;
    await http.call('POST', '/reports', report(line), { 'content-type': 'application/x-ndjson' });
    await http.post('/reports', `[${report(element)}]`);
    for (const id of [line, element]) expect((await http.get(`/executions/${id}`)).text).toContain(`"result":${json}`);
  });
}

function describeStrings(http: Http): void {
  it.each(STRINGS)('%s in every string of a report', async (_what, json) => {
    const id = fresh();
    const { body } = await post(
      http,
      events,
      `{"execution_id":"${id}","status":"failed","workflow_id":${json},"run_id":${json},"type":${json},"message":${json},` +
        `"status_reason":${json},"worker":${json},"error":${json},"event_id":${json}}`,
    );
    expect(body).toMatchObject({ applied: true });
    const view = (await http.get(`/executions/${id}`)).text;
    const list = (await http.get(`/executions?q=${id}&wait_for=${body.position}`)).text;
    for (const text of [view, list])
      for (const key of ['workflow_id', 'run_id', 'target', 'message', 'status_reason', 'worker', 'error'])
        expect(text).toContain(`"${key}":${json}`);
    expect((await http.get(`/executions/${id}/events`)).text).toContain(`"event_id":${json}`);
    const again = `{"execution_id":"${id}","status":"failed","event_id":${json}}`;
    expect((await post(http, events, again)).body.verdict).toBe('id_reused');
  });

  it.each(STRINGS)(
    '%s in every string of a registration and a command, and found again by filter',
    async (_what, json) => {
      const id = fresh();
      const registered = await post(
        http,
        '/executions',
        `{"execution_id":"${id}","kind":${json},"target":${json},"labels":{${json}:${json},"__proto__":"p"},"command_id":${json}}`,
      );
      expect(registered.status).toBe(201);
      expect(registered.text).toContain(`"labels":{${json}:${json},"__proto__":"p"}`);
      const { body } = await post(http, `/executions/${id}/cancel`, `{"reason":${json}}`);
      expect((await http.get(`/executions/${id}/events`)).text).toContain(`"reason":${json}`);
      const listed = (await http.get(`/executions?q=${id}&label=__proto__:p&wait_for=${body.position}`)).text;
      for (const key of ['kind', 'target']) expect(listed).toContain(`"${key}":${json}`);
      const value = JSON.parse(json) as string;
      if (/\p{Surrogate}/u.test(value)) return; // a query string cannot say it
      const found = await http.get(
        `/executions?q=${id}&kind=${encodeURIComponent(value)}&target=${encodeURIComponent(value)}`,
      );
      expect(found.body.executions).toMatchObject([{ execution_id: id }]);
    },
  );

  it('an error that is an object is kept whole in error_details, by abort as by report', async () => {
    const error = '{"message":"m\\u0000","code":9007199254740993,"__proto__":{"a":1}}';
    const [aborted, told] = [fresh(), fresh()];
    await http.post('/executions', { execution_id: aborted });
    await post(http, `/executions/${aborted}/abort`, `{"phase":"staging","error":${error}}`);
    await post(http, events, `{"execution_id":"${told}","status":"failed","error":${error}}`);
    for (const id of [aborted, told]) {
      const { text } = await http.get(`/executions/${id}`);
      expect(text).toContain(`"error_details":${error}`);
      expect(text).toContain('"error":"m\\u0000"');
    }
    const bare = fresh();
    await post(http, events, `{"execution_id":"${bare}","status":"failed","error":{"code":9007199254740993}}`);
    expect((await http.show(bare)).error).toBe('{"code":9007199254740993}');
  });

  it('what is not yet projected and what is are the same text', async () => {
    const id = fresh();
    const json = '{"n":123456789012345678901234567890,"s":"\\u0000\\ud800"}';
    const { body } = await post(http, events, `{"execution_id":"${id}","status":"ok","result":${json}}`);
    const at = (await http.get(`/executions/${id}`)).text;
    await eventually(
      () => http.get(`/executions?limit=1&wait_for=${body.position}`),
      ({ status }) => status === 200,
    );
    expect((await http.get(`/executions/${id}`)).text).toBe(at);
  });
}

/** docs/semantics.md §2: payloads are lossless. Answers are compared as text: parsing them here would lose what is tested. */
export function describeLossless(start: Start): void {
  describe('losslessness', () => {
    const http = serving(start);
    describe('payloads', () => describePayloads(http));
    describe('strings', () => describeStrings(http));
  });
}
