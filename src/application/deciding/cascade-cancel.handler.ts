import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { runTree } from '../../../projections/run-tree.js';
import type { Omission } from '../../contract/answers.js';
import { compact } from '../../domain/json.js';
import { inShort } from '../../domain/in-short.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.js';
import { StoreError, isOutOfReach } from '../../errors.js';
import { READ_MODEL, type ReadModel } from '../../read-model/read-model.js';
import type { Tree, TreeNode } from '../../read-model/summaries.js';
import { isWithin } from '../confinement.js';
import { derivedId, digestOf } from './digest.js';
import { HandleExecution } from './handle-execution.js';
import { inOrder } from '../in-order.js';
import type { DecisionResult, RequestEnvelope } from '../request.js';

/** How many generations a cascade goes down, and how many descendants it reaches. */
const MAX_DEPTH = 32;
const MAX_CHILDREN = 10_000;
/** How many are asked at once. */
const AT_ONCE = 8;
/** How long it waits until those registered before the cancel can be found, in milliseconds. */
const WAIT_MS = 5_000;

/** What became of a descendant: its verdict, or why it could not be asked. */
export type Child = DecisionResult | { readonly executionId: string; readonly failed: unknown };

/** A cancel's descendants, those nearest and oldest first. */
export interface Cascade {
  readonly children: readonly Child[];
  readonly omitted?: Omission;
}

/** Passes a cancel on to the open descendants of what was cancelled. */
export class CascadeCancel extends Command<Cascade> {
  constructor(
    /** The cancel's own. */
    readonly envelope: RequestEnvelope,
    readonly reason: string | undefined,
    readonly handled: DecisionResult,
  ) {
    super();
  }
}

@CommandHandler(CascadeCancel)
export class CascadeCancelHandler implements ICommandHandler<CascadeCancel> {
  constructor(
    private readonly executions: HandleExecution,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  async execute(command: CascadeCancel): Promise<Cascade> {
    // A cancel that lost to a success cascades to nothing; one that found it cancelled already goes on with its children.
    if (command.handled.state.status !== 'cancelled') return { children: [] };
    const { tree, seen } = await this.descendants(command.envelope.executionId);
    const all = (tree?.nodes ?? []).filter(({ depth }) => depth > 0);
    const nodes = all
      .filter(({ executionId }) => isWithin(command.envelope.origin.within, executionId))
      .sort(byGeneration);
    const children: Child[] = [];
    // Once the store is out of reach the rest is not tried: 10,000 would each wait for it.
    let lost: StoreError | undefined;
    const ask = async ({ executionId }: TreeNode): Promise<Child> => {
      const child = lost ? { executionId, failed: lost } : await this.cancel(executionId, command);
      if ('failed' in child && isOutOfReach(child.failed)) lost ??= new StoreError('unavailable', child.failed.message);
      return child;
    };
    for await (const child of inOrder(nodes, AT_ONCE, ask)) children.push(child);
    const deeper = nodes.some((node) => node.depth === MAX_DEPTH && Object.keys(node.children).length > 0);
    const reasons: readonly [boolean, Omission][] = [
      [!seen, 'not_projected'],
      [tree?.truncated === true, 'number'],
      [deeper, 'depth'],
      [nodes.length < all.length, 'confined'],
    ];
    const omitted = reasons.find(([holds]) => holds)?.[1];
    return { children, ...(omitted === undefined ? {} : { omitted }) };
  }

  /** All that were registered before the cancel, unless the projection is not `seen` to have come that far. */
  private async descendants(executionId: string): Promise<{ tree?: Tree; seen: boolean }> {
    try {
      // The head, not the cancel's own position: of one that changed nothing, or is repeated, that says too little.
      const seen = await this.readModel.waitFor(await this.store.head(), WAIT_MS, runTree.name);
      return {
        ...(await this.readModel.descendants({ executionId, depth: MAX_DEPTH, limit: MAX_CHILDREN + 1 })),
        seen,
      };
    } catch (error) {
      // The cancel itself stands, and its answer must say so.
      if (error instanceof StoreError) return { seen: false };
      throw error;
    }
  }

  /** Its own conditional append; under an id that follows from the cancel's, so that its repetition finds the first receipt. */
  private async cancel(executionId: string, { envelope, reason, handled }: CascadeCancel): Promise<Child> {
    const said = compact({ reason }) as { reason?: string };
    try {
      const child = await this.executions.handle({
        executionId,
        input: { kind: 'cancel', only_open: true, ...said },
        origin: { ...envelope.origin, causation_id: handled.event?.event_id },
        redacted: envelope.redacted,
        digest: digestOf('cancel', { ...said, cascade_of: envelope.executionId }),
        id: envelope.id === undefined ? undefined : derivedId('cascade', envelope.executionId, envelope.id),
      });
      // Thousands wait for the last of them: what producers wrote is no part of their receipts.
      const { state } = child;
      return state.status === 'none' ? child : { ...child, state: inShort(state).state };
    } catch (failed) {
      return { executionId, failed };
    }
  }
}

/** Whoever starts others is stopped before them; the rest is for an order that stays the same. */
const byGeneration = (a: TreeNode, b: TreeNode): number =>
  a.depth - b.depth || compare(a.createdAt, b.createdAt) || compare(a.executionId, b.executionId);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
