import { createHmac } from 'node:crypto';
import { SingleBar } from 'cli-progress';
import type { Delivery } from './deliveries.js';
import type { Outcome } from './promise.js';

/** What the ledger answered to one report. */
export interface Receipt {
  readonly verdict: string;
  readonly replayed?: boolean;
  readonly execution_id: string;
}

/** How to reach the ledger, and what it asks of its callers. */
export interface Access {
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly webhookSecret?: string | undefined;
}

async function post<Answer>(url: string, body: string, headers: Record<string, string>): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as Answer;
}

async function deliver({ url, webhookSecret }: Access, { event, id, payload }: Delivery): Promise<Receipt[]> {
  const body = JSON.stringify(payload);
  const signature = webhookSecret && `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`;
  const headers = {
    'x-github-event': event,
    'x-github-delivery': id,
    ...(signature && { 'x-hub-signature-256': signature }),
  };
  return (await post<{ receipts: Receipt[] }>(`${url}/api/v1/sources/github`, body, headers)).receipts;
}

/** Posts the deliveries one after the other, for their order is what is tried, and shows how far it is. */
export async function deliverAll(access: Access, deliveries: readonly Delivery[], title: string): Promise<Receipt[]> {
  const bar = new SingleBar({ format: `${title} {bar} {value}/{total}`, noTTYOutput: true, notTTYSchedule: 1_000 });
  bar.start(deliveries.length, 0);
  const receipts: Receipt[] = [];
  try {
    for (const delivery of deliveries) {
      receipts.push(...(await deliver(access, delivery)));
      bar.increment();
    }
  } finally {
    bar.stop();
  }
  return receipts;
}

/** What the ledger shows of each execution; one it does not know is missing. */
export async function outcomes({ url, apiKey }: Access, ids: readonly string[]): Promise<Map<string, Outcome>> {
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
  const path = `${url}/api/v1/executions/batch-status`;
  const shown = await post<Record<string, Outcome>>(path, JSON.stringify({ execution_ids: ids }), headers);
  return new Map(Object.entries(shown).filter(([, { status }]) => status !== 'not_found'));
}
