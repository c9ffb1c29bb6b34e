import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type ParameterObject = Extract<NonNullable<Operation['parameters']>[number], { name: string }>;

/** The headers that endpoints read, as the document of the API describes them: what each is for, and an example. */
const HEADERS = {
  'Idempotency-Key': [
    'The id of this request, as event_id or command_id in its body: sent again it is answered again',
    '7f3c',
  ],
  'If-Match': ['Only at this revision of the execution, or one of a list; * asks only that it exists', '"7"'],
  'If-None-Match': ['The ETag of an answer that the caller has: 304 where it still stands', '"7"'],
  'X-Actor-ID': ['On whose behalf; kept as on_behalf_of', 'ada'],
  'X-Correlation-ID': ['Kept as correlation_id', 'order-7'],
  traceparent: ['Its trace id is kept as correlation_id where X-Correlation-ID is missing', undefined],
  'X-GitHub-Event': ['The kind of the delivery', 'workflow_run'],
  'X-GitHub-Delivery': ['The id of the delivery', 'd-1'],
  'X-Hub-Signature-256': ['The HMAC of the body by the secret, where the ledger has one', undefined],
  'X-Gitlab-Event': ['The kind of the delivery', 'Pipeline Hook'],
  'X-Gitlab-Token': ['The secret token of the webhook, where the ledger has one', undefined],
  'webhook-id': ['The id of the delivery', 'msg_1'],
  'webhook-timestamp': ['When it was sent, in seconds since 1970: within five minutes of now', undefined],
  'webhook-signature': ['Signatures of it by Standard Webhooks, where the ledger has secrets', undefined],
} as const;
export type HeaderName = keyof typeof HEADERS;

const REQUIRED: readonly HeaderName[] = ['X-GitHub-Event', 'X-Gitlab-Event', 'webhook-id'];

/** Who asks, and in which trace: read from every request that leaves a trace. */
export const ORIGIN: readonly HeaderName[] = ['X-Actor-ID', 'X-Correlation-ID', 'traceparent'];
/** Of a report or a command, besides. */
export const ASKED: readonly HeaderName[] = ['Idempotency-Key', ...ORIGIN];
/** Of one that can be bound to a revision, besides. */
export const CONDITIONAL: readonly HeaderName[] = ['If-Match', ...ASKED];
/** Of a read whose answer has an ETag. */
export const TAGGED: readonly HeaderName[] = ['If-None-Match'];
/** Of a delivery from GitHub. */
export const GITHUB: readonly HeaderName[] = ['X-GitHub-Event', 'X-GitHub-Delivery', 'X-Hub-Signature-256', ...ORIGIN];
/** Of a delivery from GitLab. */
export const GITLAB: readonly HeaderName[] = ['X-Gitlab-Event', 'X-Gitlab-Token', ...ASKED];
/** Of a delivery by Standard Webhooks. */
export const WEBHOOK: readonly HeaderName[] = ['webhook-id', 'webhook-timestamp', 'webhook-signature', ...ORIGIN];

/** The headers as parameters of an operation. */
export const parametersOf = (names: readonly HeaderName[]): ParameterObject[] =>
  names.map((name) => {
    const [description, example] = HEADERS[name];
    const required = REQUIRED.includes(name);
    return { name, in: 'header', required, description, schema: { type: 'string', ...(example && { example }) } };
  });
