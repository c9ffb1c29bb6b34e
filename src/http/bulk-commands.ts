import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import { derivedId, digestOf } from '../application/deciding/digest.js';
import { DryRun } from '../application/deciding/dry-run.handler.js';
import { commandOf } from '../application/deciding/command-handlers.js';
import type { Operation } from '../application/operating/operation-log.js';
import { receiptOf } from '../application/deciding/receipt.js';
import type { RequestEnvelope } from '../application/request.js';
import type { ListInterrupted } from '../application/reading/select-executions.js';
import type { BulkBody } from '../contract/bulk.js';
import type { NamedExecution } from '../contract/primitives.js';
import { commandInput } from '../contract/to-input.js';
import { compact, type JsonObject } from '../domain/json.js';
import { currentOf } from '../domain/verdict.js';
import { StoreError, isOutOfReach } from '../errors.js';
import { redactedIn } from '../redaction/redaction.js';
import type { WithActor } from './access.js';
import { originOf, requestIdOf } from './incoming-request.js';
import { cancelled, failed, resumed } from './outcomes.js';
import { failureOf } from './problem.filter.js';

/** What can be asked of many executions at once. */
export type BulkKind = 'resume' | 'cancel';

/** What was not asked, for it could not be read. */
const lost = ({ lost: error, executionId }: ListInterrupted): JsonObject =>
  executionId === undefined ? failureOf(error) : failed(executionId, error);

/** One command for many executions: each is decided on its own, under an id that follows from the whole's. */
export class BulkCommands {
  /** The store is out of reach: the rest is not tried. */
  private lost: StoreError | undefined;
  private readonly id: string | undefined;
  private readonly origin: RequestEnvelope['origin'];
  private readonly redacted: RequestEnvelope['redacted'];
  private readonly underWay = new Set<Promise<JsonObject>>();
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly kind: BulkKind,
    private readonly body: BulkBody,
    request: WithActor,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {
    const whole = requestIdOf(request, body.command_id);
    this.id = whole === undefined ? undefined : derivedId('bulk', kind, whole);
    this.origin = originOf(request, `bulk_${kind}`);
    this.redacted = redactedIn(request.body);
  }

  /** What became of one; never rejects, for the others go on. */
  async receipt(one: NamedExecution | ListInterrupted): Promise<JsonObject> {
    const receipt = this.decided(one);
    this.underWay.add(receipt);
    const { verdict } = await receipt;
    this.underWay.delete(receipt);
    this.counts.set(String(verdict), (this.counts.get(String(verdict)) ?? 0) + 1);
    return receipt;
  }

  /** What was done, once all that was begun is over: how many got which verdict. Each execution's history has its own part. */
  async operation(): Promise<Operation> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
    const { filter, execution_ids, reason } = this.body;
    const about = { filter, named: execution_ids?.length, reason, counts: Object.fromEntries(this.counts) };
    return { kind: `bulk_${this.kind}`, origin: this.origin, about };
  }

  private async decided(one: NamedExecution | ListInterrupted): Promise<JsonObject> {
    if ('lost' in one) return lost(one);
    if (this.lost) return failed(one.executionId, this.lost);
    try {
      return (await (this.body.dry_run ? this.tried(one) : this.asked(one))) as unknown as JsonObject;
    } catch (error) {
      // An event that cannot be read, or others who never rest from writing, are its own execution's trouble.
      if (isOutOfReach(error)) this.lost = new StoreError('unavailable', error.message);
      return failed(one.executionId, error);
    }
  }

  private async tried({ executionId, attempt }: NamedExecution) {
    const { verdict, state } = await this.queries.execute(new DryRun(executionId, this.kind, attempt));
    const would_apply = verdict === 'applied';
    return { verdict, applied: false, would_apply, execution_id: executionId, current: currentOf(state) };
  }

  private async asked({ executionId, attempt }: NamedExecution) {
    const said = compact({ reason: this.body.reason }) as { reason?: string };
    const digest = digestOf(this.kind, said, attempt);
    const { kind, id, origin, redacted } = this;
    const input = commandInput(kind, said, attempt);
    const handled = await this.commands.execute(commandOf(kind, { executionId, input, origin, digest, id, redacted }));
    if (kind === 'cancel') return { ...receiptOf(handled), ...cancelled(handled) };
    return { ...receiptOf(handled), ...(handled.event ? resumed(handled) : {}) };
  }
}
