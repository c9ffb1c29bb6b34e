import type { Access } from '../round.js';

/** One request of a story. */
export interface StoryRequest {
  readonly path: string;
  readonly body: object;
  /** The person in whose name it is sent. */
  readonly by?: string;
}

/** What the ledger answered. */
export interface StoryAnswer {
  readonly verdict: string;
  readonly applied: boolean;
  readonly current?: { readonly status: string; readonly attempt: number } | null;
}

const at = (id: string, endpoint: string): string => `/executions/${encodeURIComponent(id)}/${endpoint}`;

/** What a worker or a watcher says, whatever the ledger makes of it. */
export const report = (execution_id: string, status: string | undefined, more: object = {}): StoryRequest => ({
  path: '/workflow/executions/events',
  body: { execution_id, ...(status !== undefined && { status }), occurred_at: new Date().toISOString(), ...more },
});

/** A report whose reporter minds the verdict. */
export const strictly = (id: string, status: string, more: object = {}): StoryRequest => ({
  path: at(id, 'status'),
  body: { status, ...more },
});
export const heartbeat = (id: string): StoryRequest => ({ path: at(id, 'heartbeat'), body: {} });
export const register = (body: object): StoryRequest => ({ path: '/executions', body });
export const command = (
  id: string,
  name: 'dispatch' | 'resume' | 'pause' | 'cancel',
  body: object = {},
  by?: string,
): StoryRequest => ({ path: at(id, name), body, ...(by !== undefined && { by }) });

/** Whatever else than a verdict it answers: the demo cannot go on. */
const STOPS: ReadonlySet<number> = new Set([400, 401, 403, 404, 413, 415]);

/** Sends requests to a ledger. */
export class Sender {
  private readonly headers: Record<string, string>;

  constructor(private readonly access: Access) {
    const { apiKey } = access;
    this.headers = { 'content-type': 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) };
  }

  /** @throws Error where there is no ledger any more, or it does not take what the demo says */
  async send({ path, body, by }: StoryRequest): Promise<StoryAnswer> {
    const { status, text } = await this.post(path, body, by);
    const { verdict = `http ${status}`, applied = false, current } = JSON.parse(text) as Partial<StoryAnswer>;
    return { verdict, applied, ...(current !== undefined && { current }) };
  }

  /** Many reports in one request, and how many of them were applied. */
  async sendMany(reports: readonly object[]): Promise<number> {
    const { text } = await this.post('/reports', reports);
    const receipts = text.trimEnd().split('\n');
    return receipts.filter((line) => (JSON.parse(line) as StoryAnswer).applied).length;
  }

  private async post(path: string, body: object, by?: string): Promise<{ status: number; text: string }> {
    const { url } = this.access;
    const request = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...this.headers, ...(by && { 'x-actor-id': by }) },
    };
    const answer = await fetch(`${url}/api/v1${path}`, request).catch(() => {
      throw new Error(`the ledger at ${url} answers no more`);
    });
    const text = await answer.text();
    const hint = answer.status === 401 ? '; set LEDGER_API_KEY' : '';
    if (STOPS.has(answer.status)) throw new Error(`${path} answered ${answer.status}${hint}: ${text.slice(0, 300)}`);
    return { status: answer.status, text };
  }
}
