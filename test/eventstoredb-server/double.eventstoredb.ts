import { afterAll, beforeAll } from '@jest/globals';
import { describeServer } from './describe-server.js';
import { startEventStoreDbDouble, type EventStoreDbDouble } from './index.js';

/** Names a real server, which the very same statements are then made of. */
const realServer = process.env['LEDGER_TEST_EVENTSTOREDB_URL'];

let double: EventStoreDbDouble;
beforeAll(async () => void (double = await startEventStoreDbDouble()));
afterAll(() => double.stop());

describeServer('the double of EventStoreDB', () => double.url);
if (realServer) describeServer('EventStoreDB', () => realServer);
