import { startTestLedger } from '../support/ledger/ledger.js';
import { describeCompression } from './suite/compression.js';
import { describeInbox } from './suite/inbox.js';
import { describeInShort } from './suite/in-short.js';
import { describeList } from './suite/list.js';
import { describeReads } from './suite/reads.js';
import { describeStream } from './suite/stream.js';
import { describeSummaries } from './suite/summaries.js';
import { shared } from './suite/http.js';

// In one file, and on one ledger: loading and starting the service takes longer than most of these.
const start = shared(startTestLedger);
for (const describeEndpoints of [
  describeReads,
  describeInShort,
  describeInbox,
  describeList,
  describeSummaries,
  describeStream,
  describeCompression,
])
  describeEndpoints(start);
