import { startTestLedger } from '../support/ledger/ledger.js';
import { describeBadDeliveries } from './suite/bad-deliveries.js';
import { describeBulk } from './suite/bulk.js';
import { describeDialects } from './suite/dialects.js';
import { describeGitHub } from './suite/github.js';
import { describeGitLab } from './suite/gitlab.js';
import { describeIdentity } from './suite/identity.js';
import { describeIgnored } from './suite/ignored.js';
import { describeLossless } from './suite/lossless.js';
import { describeRedaction } from './suite/redaction.js';
import { describeExporters } from './suite/otlp-exporters.js';
import { describeOtlp } from './suite/otlp.js';
import { describeReports } from './suite/reports.js';
import { describeStrictReports } from './suite/strict.js';
import { describeWebhooks } from './suite/webhooks.js';
import { shared } from './suite/http.js';

// In one file, and on one ledger: loading and starting the service takes longer than most of these.
const start = shared(startTestLedger);
const SUITES = [
  describeReports,
  describeStrictReports,
  describeIdentity,
  describeIgnored,
  describeBulk,
  describeLossless,
  describeDialects,
  describeOtlp,
  describeExporters,
  describeGitHub,
  describeGitLab,
  describeWebhooks,
  describeBadDeliveries,
  describeRedaction,
];
for (const describeEndpoints of SUITES) describeEndpoints(start);
