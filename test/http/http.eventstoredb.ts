import { afterAll, beforeAll, describe } from '@jest/globals';
import { openEventStoreDb, startOnEventStoreDb } from '../support/ledger/eventstoredb-ledger.js';
import { describeAccess } from './suite/access.js';
import { describeBulkCommands, describeManyBulkCommands } from './suite/bulk-commands.js';
import { describeBulk } from './suite/bulk.js';
import { describeCascade } from './suite/cascade.js';
import { describeCommands } from './suite/commands.js';
import { describeConfined } from './suite/confined.js';
import { describeDialects } from './suite/dialects.js';
import { describeGitHub } from './suite/github.js';
import { describeGitLab } from './suite/gitlab.js';
import { describeHeaders } from './suite/headers.js';
import { shared } from './suite/http.js';
import { describeIdempotency, describeManyRefused } from './suite/idempotency.js';
import { describeIdentity } from './suite/identity.js';
import { describeIgnored } from './suite/ignored.js';
import { describeIds } from './suite/ids.js';
import { describeList } from './suite/list.js';
import { describeLossless } from './suite/lossless.js';
import { describeExporters } from './suite/otlp-exporters.js';
import { describeOtlp } from './suite/otlp.js';
import { describeProblems } from './suite/problems.js';
import { describeManyRaces, describeRaces } from './suite/races.js';
import { describeReads } from './suite/reads.js';
import { describeReports } from './suite/reports.js';
import { describeResume } from './suite/resume.js';
import { describeSilence } from './suite/silence.js';
import { describeStream } from './suite/stream.js';
import { describeStrictReports } from './suite/strict.js';
import { describeTimeOuts } from './suite/time-outs.js';
import { describeWebhooks } from './suite/webhooks.js';

const SUITES = [
  describeAccess,
  describeBulk,
  describeBulkCommands,
  describeCascade,
  describeCommands,
  describeConfined,
  describeDialects,
  describeOtlp,
  describeExporters,
  describeGitHub,
  describeGitLab,
  describeWebhooks,
  describeHeaders,
  describeIdempotency,
  describeIdentity,
  describeIds,
  describeIgnored,
  describeList,
  describeLossless,
  describeManyBulkCommands,
  describeManyRaces,
  describeManyRefused,
  describeProblems,
  describeRaces,
  describeReads,
  describeReports,
  describeResume,
  describeSilence,
  describeStream,
  describeStrictReports,
  describeTimeOuts,
];

let server: Awaited<ReturnType<typeof openEventStoreDb>>;
beforeAll(async () => {
  server = await openEventStoreDb();
});
afterAll(() => server.stop());

describe('with the log in EventStoreDB', () => {
  const start = shared((env) => startOnEventStoreDb(server.url, env));
  for (const suite of SUITES) suite(start);
});
