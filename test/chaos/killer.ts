import { setTimeout as pause } from 'node:timers/promises';
import { withClient } from '../support/store/postgres.js';
import type { TestServer } from '../support/store/server.js';
import type { Client } from './client.js';
import { event } from './requests.js';
import type { Rebuilds } from './rebuilds.js';
import type { Kill, Victim } from './schedule.js';
import type { Service } from './services.js';

/** How long it may take until a killed one serves again and a write is acknowledged, in milliseconds. */
const RECOVER_WITHIN_MS = 60_000;

export interface Scene {
  readonly services: readonly [Service, Service];
  readonly server: TestServer;
  readonly databaseUrl: string;
  readonly client: Client;
  readonly rebuilds: Rebuilds;
}

/** From the start of what was killed to the next acknowledged write, through each service that it left without an answer. */
export interface Recovery {
  readonly victim: Victim;
  readonly ms: number;
}

/** Any one process that works for a connection: the database ends all the others and recovers. */
const SOMEBODY = `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
  order by query_start desc nulls last limit 1`;

/** Kills by schedule, has what was killed started again, and measures until it is got over. */
export class Killer {
  readonly recoveries: Recovery[] = [];
  private kills = 0;
  private probes = 0;
  /** Nobody is killed that has not been started again. */
  private readonly starting: Promise<unknown>[] = [];
  private readonly recovering: Promise<void>[] = [];

  constructor(private readonly scene: Scene) {}

  /** @throws Error when something does not recover */
  async carryOut(kill: Kill): Promise<void> {
    await pause(kill.afterMs);
    await Promise.all(this.starting);
    const rebuilt = kill.rebuilding === undefined ? false : await this.rebuild(kill.rebuilding);
    const again = await this.kill(kill.victim);
    if (rebuilt) this.scene.rebuilds.interrupted++;
    this.kills++;
    const recovery = this.recover(kill, again);
    recovery.catch(() => undefined); // told by finish()
    this.recovering.push(recovery);
    if (!kill.hasty) await recovery;
  }

  /** When everything is got over. */
  async finish(): Promise<void> {
    await Promise.all(this.recovering);
  }

  private rebuild(name: string): Promise<boolean> {
    const { rebuilds, services } = this.scene;
    return rebuilds.begin(services[this.kills % 2]!.url, name);
  }

  private servicesOf(victim: Victim): readonly Service[] {
    const { services } = this.scene;
    return victim === 'a' ? [services[0]] : victim === 'b' ? [services[1]] : services;
  }

  /** Answers how to start again what was killed. */
  private async kill(victim: Victim): Promise<() => Promise<unknown>> {
    const { server } = this.scene;
    if (victim === 'backend') {
      process.kill(await this.somebody(), 'SIGKILL');
      return () => Promise.resolve(); // the database does it by itself
    }
    if (victim === 'database') {
      await server.kill();
      return () => server.restart();
    }
    const victims = this.servicesOf(victim);
    await Promise.all(victims.map((service) => service.kill()));
    return () => Promise.all(victims.map((service) => service.start()));
  }

  /** Any one process that works for a connection; the database may still be busy with the kill before. */
  private async somebody(): Promise<number> {
    for (const until = Date.now() + RECOVER_WITHIN_MS; ; await pause(100)) {
      const ask = withClient(this.scene.databaseUrl, (client) => client.query<{ pid: number }>(SOMEBODY));
      const pid = (await ask.catch(() => undefined))?.rows[0]?.pid;
      if (pid !== undefined) return pid;
      if (Date.now() > until) throw new Error('the database has no connection to kill');
    }
  }

  private async recover({ victim, downMs }: Kill, again: () => Promise<unknown>): Promise<void> {
    let began = 0;
    const start = pause(downMs).then(() => {
      began = Date.now();
      return again();
    });
    this.starting.push(start);
    await start;
    await Promise.all(this.servicesOf(victim).map((service) => this.probe(service)));
    this.recoveries.push({ victim, ms: Date.now() - began });
  }

  /** A write of its own, until it is acknowledged. */
  private async probe(service: Service): Promise<void> {
    const id = `probe-${this.probes++}`;
    const request = event(id, { execution_id: id, status: 'running' });
    await this.scene.client.deliverUntilAnswered(request, () => service.url, RECOVER_WITHIN_MS);
  }
}
