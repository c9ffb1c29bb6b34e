import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Projection } from '../../../projections/projection.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { ControlListener } from '../control-listener.js';
import { isUnfinished, unfinished, type Chore, type ChoreKind, type ChoreStanding } from './chore.js';
import { perform } from './perform.js';
import type { PostgresChores } from './postgres-chores.js';
import type { Loaders } from './load.js';
import type { Rebuilt } from './rebuild.js';
import { Busy } from './turn.js';
import { Interrupted } from './record.js';

/** How often it is looked for something to do when nobody says so, in milliseconds. */
const POLL_MS = 2_000;

/** What a keeper tells whoever runs it. */
export interface KeeperWatch {
  begun(projection: string, chore: Chore): void;
  done(projection: string, chore: Chore, result: Rebuilt | undefined): void;
  failed(projection: string, chore: Chore, error: unknown): void;
  /** It could not even be asked what there is to do. */
  lost(error: unknown): void;
}

export interface KeeperParts {
  readonly projections: readonly Projection[];
  readonly store: EventStore;
  readonly chores: PostgresChores;
  /** What is asked of projections. */
  readonly control: ControlListener;
  /** A new connection; it is ended here. */
  readonly connect: () => Promise<pg.Client>;
  readonly loaders?: Loaders;
  readonly watch: KeeperWatch;
  readonly pollMs?: number;
}

/**
 * Does the chores of projections that were asked for and that nobody is at, one at a time, and asks for a rebuild where the
 * live table was made by an older program. Several processes have one each: who holds a projection's lock is at its chores.
 */
export class RebuildKeeper {
  private readonly stopping = new AbortController();
  /** Projections that this program has asked a rebuild of: one that fails is not asked for again until the next start. */
  private readonly renewed = new Set<string>();
  private running: Promise<void> | undefined;
  private told = new AbortController();
  /** What is being done, and the way to stop it. */
  private current: { readonly name: string; readonly kind: ChoreKind; readonly stop: AbortController } | undefined;

  constructor(private readonly parts: KeeperParts) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves soon: what is under way is gone on with by whoever comes next. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { control } = this.parts;
    const release = control.subscribe((projection) => this.hear(projection));
    for (let told = true; !signal.aborted; told = this.told.signal.aborted) {
      try {
        await control.ready();
        this.told = new AbortController();
        while (await this.round(told));
      } catch (error) {
        if (!signal.aborted) this.parts.watch.lost(error);
      }
      const woken = AbortSignal.any([signal, this.told.signal]);
      await pause(this.parts.pollMs ?? POLL_MS, undefined, { signal: woken }).catch(() => undefined);
    }
    release();
  }

  /** What may have been asked while nothing was heard is found at the next look. */
  private hear(projection: string | undefined): void {
    if (projection === undefined) return;
    this.told.abort();
    if (projection === this.current?.name) this.heed().catch(() => undefined);
  }

  /** Does one chore, if there is one; true when there may be more. Who looks untold leaves alone what was just asked for. */
  private async round(told: boolean): Promise<boolean> {
    for (const standing of await this.parts.chores.standings()) {
      const projection = this.parts.projections.find(({ name }) => name === standing.name)!;
      await this.renew(projection, standing);
      const chore = due(projection, standing);
      // Whoever asked and told nobody is about to do it: taken from them, their Ctrl-C would stop nothing.
      if (!chore || (chore.justAsked && !told)) continue;
      if (await this.perform(projection, chore)) return true;
    }
    return false;
  }

  /** Has a table rebuilt that an older program made. */
  private async renew({ name, version }: Projection, standing: ChoreStanding): Promise<void> {
    if (standing.live.foldVersion >= version || this.renewed.has(name) || unfinished(standing, 'rebuild')) return;
    await this.parts.chores.ask(name, 'rebuild', { unasked: true });
    this.renewed.add(name);
  }

  /** A pause holds at once: the work itself would find it after its next step, and a slow one's takes long. */
  private async heed(): Promise<void> {
    const standings = await this.parts.chores.standings();
    const { name, kind, stop } = this.current ?? {};
    const chore = standings.find((one) => one.name === name)?.chores.find((one) => one.kind === kind);
    if (chore?.paused) stop?.abort();
  }

  private async perform(projection: Projection, chore: Chore): Promise<boolean> {
    const { store, connect, loaders, watch } = this.parts;
    const stop = new AbortController();
    this.current = { name: projection.name, kind: chore.kind, stop };
    const signal = AbortSignal.any([this.stopping.signal, stop.signal]);
    watch.begun(projection.name, chore);
    try {
      watch.done(projection.name, chore, await perform({ store, connect, loaders, projection, signal }, chore));
      return true;
    } catch (error) {
      if (error instanceof Busy || error instanceof Interrupted || signal.aborted) return false;
      watch.failed(projection.name, chore, error);
      return false;
    } finally {
      this.current = undefined;
    }
  }
}

/**
 * What is to be done and nobody does; what a newer program has asked for is left to it. A verification of what an older
 * program made waits for the rebuild: all that the code does otherwise would count as drift.
 */
function due({ version }: Projection, { chores, hand, live }: ChoreStanding): Chore | undefined {
  if (hand) return undefined;
  return chores.find(
    (chore) =>
      isUnfinished(chore) &&
      !chore.paused &&
      chore.foldVersion <= version &&
      (chore.kind !== 'verify' || live.foldVersion === version),
  );
}
