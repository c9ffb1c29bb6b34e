import { randomUUID } from 'node:crypto';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ClusterNode } from './node.js';

const streamMethods: Readonly<Record<string, readonly string[]>> = {
  read: ['position', 'events'],
  append: [],
  delete: [],
  tombstone: [],
  batchappend: ['deadline_duration'],
};

const method = (service: string, name: string, featureList: readonly string[] = []) =>
  new features.SupportedMethod()
    .setServiceName(service)
    .setMethodName(name)
    .setFeaturesList([...featureList]);

/** What the server can do; a client appends one call at a time when `batchappend` is not among it. */
export function featuresService(node: ClusterNode) {
  return async (_call: ServerUnaryCall<unknown, SupportedMethods>, callback: sendUnaryData<SupportedMethods>) => {
    node.counter.count('features');
    await node.gate.opened;
    const { batchAppend, serverVersion } = node.settings;
    const methods = Object.entries(streamMethods)
      .filter(([name]) => batchAppend || name !== 'batchappend')
      .map(([name, featureList]) => method('event_store.client.streams.streams', name, featureList));
    callback(
      null,
      new features.SupportedMethods()
        .setEventStoreServerVersion(serverVersion)
        .setMethodsList([
          ...methods,
          method('event_store.client.gossip.gossip', 'read'),
          method('event_store.client.server_features.serverfeatures', 'getsupportedmethods'),
        ]),
    );
  };
}

/** Who is in the cluster and who leads, so that a client finds the node it prefers. */
export function gossipService(node: ClusterNode) {
  return async (_call: ServerUnaryCall<unknown, ClusterInfo>, callback: sendUnaryData<ClusterInfo>) => {
    node.counter.count('gossip');
    await node.gate.opened;
    callback(null, new gossip.ClusterInfo().setMembersList(node.cluster.nodes.map(memberOf)));
  };
}

function memberOf({ alive, leads, endpoint, settings }: ClusterNode) {
  const { LEADER, FOLLOWER, SHUTDOWN } = gossip.MemberInfo.VNodeState;
  return new gossip.MemberInfo()
    .setInstanceId(new shared.UUID().setString(randomUUID()))
    .setTimeStamp((BigInt(settings.now()) * 10_000n).toString())
    .setState(!alive ? SHUTDOWN : leads ? LEADER : FOLLOWER)
    .setIsAlive(alive)
    .setHttpEndPoint(new gossip.EndPoint().setAddress(endpoint.address).setPort(endpoint.port));
}
