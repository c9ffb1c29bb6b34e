import { readFileSync } from 'node:fs';
import { usingLedger } from '../support/ledger/ledger.js';

/** A request as a real sender made it, and what the executions that it tells of come to. */
interface RecordedRequest {
  readonly sender: string;
  readonly what: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Its body, where that is text. */
  readonly text?: string;
  readonly base64?: string;
  readonly comes_to: Readonly<Record<string, object>>;
}

const { requests } = JSON.parse(readFileSync(new URL('./payloads/recorded.json', import.meta.url), 'utf8')) as {
  requests: readonly RecordedRequest[];
};

describe('a request as it was recorded', () => {
  const ledger = usingLedger();

  const send = ({ path, headers, text, base64 }: RecordedRequest) =>
    fetch(ledger.url + path, { method: 'POST', headers, body: text ?? Buffer.from(base64!, 'base64') });
  const shown = async (ids: readonly string[]): Promise<Record<string, unknown>> =>
    (await ledger.call('POST', '/executions/batch-status', { execution_ids: ids })).body;

  it.each(requests.map((request) => [request.sender, request.what, request] as const))(
    'of %s, %s, is read; sent again it changes nothing',
    async (_sender, _what, request) => {
      expect((await send(request)).ok).toBe(true);
      const ids = Object.keys(request.comes_to);
      const executions = await shown(ids);
      expect(executions).toMatchObject(request.comes_to);
      expect((await send(request)).ok).toBe(true);
      expect(await shown(ids)).toEqual(executions);
    },
  );
});
