import { CreateCheckpoints1764000100000 } from './1764000100000-create-checkpoints.js';
import { ControlProjections1764000200000 } from './1764000200000-control-projections.js';
import { VersionProjections1764000300000 } from './1764000300000-version-projections.js';
import { AskForSamples1764000400000 } from './1764000400000-ask-for-samples.js';
import { LoadInPieces1764000500000 } from './1764000500000-load-in-pieces.js';
import { KeepContradictions1764000600000 } from './1764000600000-keep-contradictions.js';
import { KeepTheLogsId1764000900000 } from './1764000900000-keep-the-logs-id.js';
import { KeepDrift1764001300000 } from './1764001300000-keep-drift.js';
import { KeepFences1764001200000 } from './1764001200000-keep-fences.js';
import { FindText1764001000000 } from './1764001000000-find-text.js';

/** In the order in which they run. */
export const projectionTableMigrations = [
  CreateCheckpoints1764000100000,
  ControlProjections1764000200000,
  VersionProjections1764000300000,
  AskForSamples1764000400000,
  LoadInPieces1764000500000,
  KeepContradictions1764000600000,
  KeepTheLogsId1764000900000,
  FindText1764001000000,
  KeepFences1764001200000,
  KeepDrift1764001300000,
];
