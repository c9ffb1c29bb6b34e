import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { appendService, deleteService, tombstoneService } from './append-service.js';
import { batchAppendService } from './batch-append-service.js';
import { featuresService, gossipService } from './cluster-services.js';
import type { Service } from './listener.js';
import type { ClusterNode } from './node.js';
import { readService } from './read-service.js';

/** All that a node can be asked over the wire; `cut` drops the connection of whoever asks. */
export const servicesOf = (node: ClusterNode, cut: (peer: string) => void): readonly Service[] => [
  [
    streamsGrpc.StreamsService,
    {
      read: readService(node, cut),
      append: appendService(node, cut),
      batchAppend: batchAppendService(node, cut),
      delete: deleteService(node, cut),
      tombstone: tombstoneService(node, cut),
    },
  ],
  [featuresGrpc.ServerFeaturesService, { getSupportedMethods: featuresService(node) }],
  [gossipGrpc.GossipService, { read: gossipService(node) }],
];
