import { startEventStoreDbDouble } from '../../eventstoredb-server/index.js';

/** A process that is an EventStoreDB with so many events of other applications, until it is ended. */
const double = await startEventStoreDbDouble();
double.writeElsewhere(Number(process.argv[2]));
process.send!(double.url);
