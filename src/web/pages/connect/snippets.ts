/** Where a snippet reports to, by which key, and as which execution. */
export interface Place {
  readonly url: string;
  /** Empty where the ledger has no keys. */
  readonly key: string;
  readonly id: string;
}

/** A way to report that is pasted as it stands. */
export interface Snippet {
  readonly name: string;
  /** What to do with it, and what comes of it. */
  readonly about: string;
  /** The page of the documentation that has the whole of it. */
  readonly page: string;
  /** It reports the execution of {@link Place.id}, so that its arrival can be shown. */
  readonly reportsId?: true;
  readonly text: (place: Place) => string;
}

const bearer = ({ key }: Place): string => (key === '' ? '' : ` -H 'authorization: Bearer ${key}'`);

/** The ways in the order in which people look for them; `test/web/connect.browser.ts` runs those that need no other system. */
export const SNIPPETS: readonly Snippet[] = [
  {
    name: 'curl',
    about: 'One report from any shell.',
    page: 'docs/quick-starts.md',
    reportsId: true,
    text: (place) =>
      `curl ${place.url}/api/v1/workflow/executions/events -H 'content-type: application/json'${bearer(place)} \\
  -d '{"execution_id":"${place.id}","status":"running","target":"hello"}'`,
  },
  {
    name: 'Any command',
    about: 'Runs a command and reports how it ends; cancelled in the ledger, the command is ended.',
    page: 'docs/command-line.md',
    reportsId: true,
    text: ({ url, key, id }) =>
      `export LEDGER_URL=${url}${key === '' ? '' : ` LEDGER_KEY=${key}`}
npx execution-ledger run --id ${id} -- echo hello`,
  },
  {
    name: 'Python',
    about: 'The standard library is enough.',
    page: 'docs/quick-starts.md',
    reportsId: true,
    text: ({ url, key, id }) =>
      `import json, urllib.request

def report(execution_id, status, **more):
    headers = {"content-type": "application/json"${key === '' ? '' : `, "authorization": "Bearer ${key}"`}}
    body = json.dumps({"execution_id": execution_id, "status": status, **more}).encode()
    address = "${url}/api/v1/workflow/executions/events"
    with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=10) as answer:
        return json.load(answer)

report("${id}", "running", target="hello")
report("${id}", "succeeded", result={"rows": 45})`,
  },
  {
    name: 'TypeScript',
    about: 'A function as an execution, with signs of life and a signal that aborts when it is cancelled.',
    page: 'docs/client.md',
    reportsId: true,
    text: ({ url, key, id }) =>
      `import { connect, Ledger } from 'execution-ledger/client';

const ledger = new Ledger(connect({ url: '${url}'${key === '' ? '' : `, key: '${key}'`} }));
await ledger.run({ id: '${id}', target: 'hello' }, async (execution) => {
  execution.progress(50);
  return { rows: 45 };
});
await ledger.close();`,
  },
  {
    name: 'OpenLineage',
    about: 'Airflow, dbt, Spark, Flink and Dagster send these events; set this where they run.',
    page: 'docs/sources.md',
    text: ({ url, key }) => `OPENLINEAGE_URL=${url}${key === '' ? '' : `\nOPENLINEAGE_API_KEY=${key}`}`,
  },
  {
    name: 'CloudEvents',
    about: 'An event of your own; Tekton and CDEvents are read at the same address.',
    page: 'docs/sources.md',
    reportsId: true,
    text: (place) =>
      `curl ${place.url}/api/v1/sources/cloudevents -H 'content-type: application/cloudevents+json'${bearer(place)} \\
  -d '{"specversion":"1.0","id":"1","source":"/ci","type":"executionledger.report.v1","data":{"execution_id":"${place.id}","status":"running"}}'`,
  },
  {
    name: 'OpenTelemetry',
    about: 'Agents that are traced by the conventions for generative AI: their spans become executions.',
    page: 'docs/sources.md',
    text: ({ url, key }) =>
      `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${url}/v1/traces${key === '' ? '' : `\nOTEL_EXPORTER_OTLP_TRACES_HEADERS=x-api-key=${key}`}
OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf`,
  },
  {
    name: 'GitHub',
    about:
      'Settings → Webhooks → Add webhook: content type application/json, the secret of GITHUB_WEBHOOK_SECRET, and the events workflow runs, workflow jobs, check runs, deployment statuses.',
    page: 'docs/quick-starts.md',
    text: ({ url }) => `${url}/api/v1/sources/github`,
  },
  {
    name: 'GitLab',
    about: 'Settings → Webhooks: the token of GITLAB_WEBHOOK_TOKEN, and the events of pipelines and jobs.',
    page: 'docs/sources.md',
    text: ({ url }) => `${url}/api/v1/sources/gitlab`,
  },
  {
    name: 'AgentField',
    about: 'Its own SDK reports here unchanged: this is the address that it reports to.',
    page: 'docs/http-api.md',
    text: ({ url }) => `${url}/api/v1/workflow/executions/events`,
  },
  {
    name: 'Direct append',
    about: 'With EVENT_STORE=eventstoredb a producer may append to the stream of its execution itself.',
    page: 'docs/appending-directly.md',
    text: ({ id }) =>
      `import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

const client = EventStoreDBClient.connectionString\`esdb://localhost:2113?tls=false\`;
await client.appendToStream(
  'execution-${id}',
  jsonEvent({ type: 'ExecutionStarted', data: { attempt: 1 } }),
);`,
  },
];

/** Longest key that is filled in; anything longer is no key. */
const LONGEST_KEY = 1_000;
/** What a key may be made of so that it stands in every snippet as it is: nothing that a shell or a language reads as its own. */
const PLAIN = /^[\w.~+/=:-]*$/;

/** Why a text cannot be filled in as a key, or nothing. */
export const whyNoKey = (key: string): string | undefined =>
  key.length <= LONGEST_KEY && PLAIN.test(key) ? undefined : 'A key has letters, digits and - _ . ~ + / = : alone.';
