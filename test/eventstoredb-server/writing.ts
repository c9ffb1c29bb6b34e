import type { Metadata } from '@grpc/grpc-js';
import { silence, type Misanswer, type Refusal } from './faults.js';
import type { ClusterNode } from './node.js';
import type { Endpoint } from './rpc-error.js';
import type { Writer, WriteResult } from './writer.js';

/** What a write is answered with, before it is put into the words of either way of appending. */
export type Answer =
  | Exclude<WriteResult, { kind: 'dropped' }>
  | { readonly kind: 'timeout' | 'unexpected' }
  | { readonly kind: Refusal; readonly leader: Endpoint | undefined };

/** Who writes: what they sent along, and how their connection is cut. */
export interface Caller {
  readonly metadata: Metadata;
  cut(): void;
}

/** Carries a write out, or fails to in the way asked for. */
export async function write(
  node: ClusterNode,
  caller: Caller,
  operation: 'append' | 'delete',
  perform: (writer: Writer) => WriteResult,
): Promise<Answer> {
  await node.gate.opened;
  const fault = node.faults.ofWrite(operation);
  const leader = fault?.leader ?? node.cluster.leader?.endpoint;
  const refusal = node.refusal(caller.metadata, true);
  if (refusal && !fault) return { kind: refusal, leader };
  const carryOut = async (): Promise<Answer> => {
    const answer = await commit(node.cluster.leader ?? node, perform);
    await node.gate.opened;
    return answer;
  };
  if (!fault) return carryOut();
  if (fault.writes) await carryOut();
  return misanswer(fault.then, caller, leader);
}

function misanswer(how: Misanswer, caller: Caller, leader: Endpoint | undefined): Answer | Promise<never> {
  if (how === 'timeout' || how === 'unexpected') return { kind: how };
  if (how !== 'cut' && how !== 'silence') return { kind: how, leader };
  if (how === 'cut') caller.cut();
  return silence();
}

/** Answered once it is committed; what takes too long is answered with a timeout, and committed all the same. */
const commit = (leader: ClusterNode, perform: (writer: Writer) => WriteResult): Promise<Answer> =>
  within(leader.settings.commitTimeoutMs, committed(leader, perform));

async function committed(leader: ClusterNode, perform: (writer: Writer) => WriteResult): Promise<Answer> {
  const { turn } = leader.disk;
  if (turn) await turn;
  const result = perform(leader.writer);
  if (result.kind === 'dropped') return silence();
  if (result.kind === 'written') await leader.index.reached(result.position);
  return result;
}

async function within(ms: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timeout' }), ms).unref();
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
