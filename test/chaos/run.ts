import { check } from './check.js';
import { checkEndpoints } from './check/endpoints.js';
import type { Finding, Find } from './check/finding.js';
import { checkReadModels } from './check/read-models.js';
import { Client } from './client.js';
import { readEndpoints, readWhenQuiet, historiesOf } from './evidence.js';
import { Killer, type Scene } from './killer.js';
import { progressOf, type Summary } from './print.js';
import { startProducers } from './producers.js';
import { Rebuilds } from './rebuilds.js';
import { schedule } from './schedule.js';
import { Service } from './services.js';
import { startServer, type TestServer } from '../support/store/server.js';

/** How long what is unknown may take to be answered at the end, a rebuild to end, and deadlines to come, in milliseconds. */
const RESOLVED_WITHIN_MS = 60_000;
const REBUILT_WITHIN_MS = 120_000;
const QUIET_WITHIN_MS = 20_000;

export interface Options {
  readonly seed: number;
  readonly kills: number;
}

/** Two services on a database that can be killed; what to end in any case. */
export async function setTheScene(ends: (() => Promise<void>)[]): Promise<Scene> {
  const server: TestServer = await startServer([]); // durable, as a ledger demands
  ends.unshift(() => server.stop());
  const databaseUrl = server.url('postgres');
  const services = [new Service('a', databaseUrl), new Service('b', databaseUrl)] as const;
  ends.unshift(() => Promise.all(services.map((service) => service.stop())).then(() => undefined));
  await Promise.all(services.map((service) => service.start()));
  return { server, databaseUrl, services, client: new Client(), rebuilds: new Rebuilds() };
}

/** Kills by schedule under load, until all is quiet again; then compares. */
export async function run({ seed, kills }: Options, scene: Scene): Promise<Summary> {
  const { client, services, rebuilds } = scene;
  const urls = (): string[] => services.map(({ url }) => url);
  const progress = progressOf(kills, process.stdout);
  const killer = new Killer(scene);
  const producers = startProducers(seed + 1, client, urls);
  for (const [n, kill] of schedule(seed, kills).entries()) {
    await killer.carryOut(kill);
    progress.told(n + 1, kill, client.counts.acknowledged);
  }
  await killer.finish();
  await producers.stop();
  progress.end();
  let turn = 0;
  await client.resolve(() => urls()[turn++ % 2]!, RESOLVED_WITHIN_MS);
  return { ...(await compare(scene)), recoveries: killer.recoveries, rebuilds };
}

type Comparison = Omit<Summary, 'recoveries' | 'rebuilds'>;

async function compare({ client, services, rebuilds, databaseUrl }: Scene): Promise<Comparison> {
  const findings: Finding[] = [];
  const find: Find = (law, about, detail) => void findings.push({ law, about, detail });
  const urls = services.map(({ url }) => url);
  await rebuilds.finish(urls[0]!, REBUILT_WITHIN_MS, find);
  const log = await readWhenQuiet(databaseUrl, QUIET_WITHIN_MS);
  const executions = historiesOf(log).map(({ executionId }) => executionId);
  findings.push(...check({ log, receipts: client.receipts, at: new Date().toISOString() }));
  checkEndpoints(await readEndpoints(urls, executions), log, find);
  await checkReadModels(databaseUrl, urls[1]!, log, find);
  for (const strange of client.strange) find('answer', 'HTTP', strange);
  for (const { name, endedByItself } of services) for (const end of endedByItself) find('service', name, end);
  const { counts, receipts } = client;
  return { counts, findings, receipts: receipts.length, events: log.length, executions: executions.length };
}
