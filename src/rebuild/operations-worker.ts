import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Projection } from '../../projections/projection.js';
import type { EventStore } from '../event-store/event-store.js';
import type { ControlListener } from '../projector/control-listener.js';
import {
  isUnfinished,
  unfinished,
  type ProjectionOperation,
  type ProjectionOperationKind,
  type OperationsStatus,
} from './projection-operation.js';
import { runOperation } from './run-operation.js';
import type { PostgresProjectionOperations } from './postgres-projection-operations.js';
import type { LoadWorkers } from './load.js';
import type { RebuildResult } from './rebuild.js';
import { LockedByOther } from './rebuild-lock.js';
import { OperationInterrupted } from './operations-table.js';

/** How often it is looked for something to do when nobody says so, in milliseconds. */
const POLL_MS = 2_000;

/** What a worker tells whoever runs it. */
export interface OperationsListener {
  begun(projection: string, operation: ProjectionOperation): void;
  done(projection: string, operation: ProjectionOperation, result: RebuildResult | undefined): void;
  failed(projection: string, operation: ProjectionOperation, error: unknown): void;
  /** It could not even be asked what there is to do. */
  lost(error: unknown): void;
}

export interface OperationsWorkerParts {
  readonly projections: readonly Projection[];
  readonly store: EventStore;
  readonly operations: PostgresProjectionOperations;
  /** What is asked of projections. */
  readonly control: ControlListener;
  /** A new connection; it is ended here. */
  readonly connect: () => Promise<pg.Client>;
  readonly loadWorkers?: LoadWorkers;
  readonly listener: OperationsListener;
  readonly pollMs?: number;
}

/**
 * Does the operations of projections that were asked for and that nobody is at, one at a time, and asks for a rebuild where the
 * live table was made by an older program. Several processes have one each: who holds a projection's lock is at its operations.
 */
export class OperationsWorker {
  private readonly stopping = new AbortController();
  /** Projections that this program has asked a rebuild of: one that fails is not asked for again until the next start. */
  private readonly renewed = new Set<string>();
  private running: Promise<void> | undefined;
  private wakeUp = new AbortController();
  /** What is being done, and the way to stop it. */
  private current:
    { readonly name: string; readonly kind: ProjectionOperationKind; readonly stop: AbortController } | undefined;

  constructor(private readonly parts: OperationsWorkerParts) {}

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
    for (let told = true; !signal.aborted; told = this.wakeUp.signal.aborted) {
      try {
        await control.ready();
        this.wakeUp = new AbortController();
        while (await this.round(told));
      } catch (error) {
        if (!signal.aborted) this.parts.listener.lost(error);
      }
      const woken = AbortSignal.any([signal, this.wakeUp.signal]);
      await pause(this.parts.pollMs ?? POLL_MS, undefined, { signal: woken }).catch(() => undefined);
    }
    release();
  }

  /** What may have been asked while nothing was heard is found at the next look. */
  private hear(projection: string | undefined): void {
    if (projection === undefined) return;
    this.wakeUp.abort();
    if (projection === this.current?.name) this.cancelIfPaused().catch(() => undefined);
  }

  /** Does one operation, if there is one; true when there may be more. Who looks untold leaves alone what was just asked for. */
  private async round(told: boolean): Promise<boolean> {
    for (const status of await this.parts.operations.statuses()) {
      const projection = this.parts.projections.find(({ name }) => name === status.name)!;
      await this.renew(projection, status);
      const operation = due(projection, status);
      // Whoever asked and told nobody is about to do it: taken from them, their Ctrl-C would stop nothing.
      if (!operation || (operation.justRequested && !told)) continue;
      if (await this.runOperation(projection, operation)) return true;
    }
    return false;
  }

  /** Has a table rebuilt that an older program made. */
  private async renew({ name, version }: Projection, status: OperationsStatus): Promise<void> {
    if (status.live.foldVersion >= version || this.renewed.has(name) || unfinished(status, 'rebuild')) return;
    await this.parts.operations.request(name, 'rebuild', { automatic: true });
    this.renewed.add(name);
  }

  /** A pause holds at once: the work itself would find it after its next step, and a slow one's takes long. */
  private async cancelIfPaused(): Promise<void> {
    const statuses = await this.parts.operations.statuses();
    const { name, kind, stop } = this.current ?? {};
    const operation = statuses.find((one) => one.name === name)?.operations.find((one) => one.kind === kind);
    if (operation?.paused) stop?.abort();
  }

  private async runOperation(projection: Projection, operation: ProjectionOperation): Promise<boolean> {
    const { store, connect, loadWorkers, listener } = this.parts;
    const stop = new AbortController();
    this.current = { name: projection.name, kind: operation.kind, stop };
    const signal = AbortSignal.any([this.stopping.signal, stop.signal]);
    listener.begun(projection.name, operation);
    try {
      listener.done(
        projection.name,
        operation,
        await runOperation({ store, connect, loadWorkers, projection, signal }, operation),
      );
      return true;
    } catch (error) {
      if (error instanceof LockedByOther || error instanceof OperationInterrupted || signal.aborted) return false;
      listener.failed(projection.name, operation, error);
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
function due({ version }: Projection, { operations, holder, live }: OperationsStatus): ProjectionOperation | undefined {
  if (holder) return undefined;
  return operations.find(
    (operation) =>
      isUnfinished(operation) &&
      !operation.paused &&
      operation.foldVersion <= version &&
      (operation.kind !== 'verify' || live.foldVersion === version),
  );
}
