import { GITHUB_SIGNATURE, isSignedByGitHub } from './github/signature.js';
import { GITLAB } from './gitlab/token.js';
import type { Secret, Source } from './source.js';
import { STANDARD_WEBHOOKS } from './webhooks/signature.js';

/** Every foreign system, by the name that its route gives. */
export const SOURCES = {
  github: {
    marks: [{ 'X-Hub-Signature-256': GITHUB_SIGNATURE }],
    isSigned: (secret, body, header) => isSignedByGitHub(secret, body, header('X-Hub-Signature-256')),
    variable: 'GITHUB_WEBHOOK_SECRET',
    mostBytes: 1024 * 1024,
  },
  gitlab: GITLAB,
  webhooks: STANDARD_WEBHOOKS,
} as const satisfies Readonly<Record<string, Source>>;
export type SourceName = keyof typeof SOURCES;

/** Every dialect, as the reports that come by it name their source: those that are signed, and those that want a key. */
export const DIALECTS = [
  ...(Object.keys(SOURCES) as SourceName[]),
  'openlineage',
  'cloudevents',
  'opentelemetry',
] as const;
export type Dialect = (typeof DIALECTS)[number];

/** How the endpoint of a source is kept: by secrets, any of which will do, so that one can be replaced; or by being this machine's alone. */
export interface SourceKeeping {
  readonly secrets: readonly Secret[];
  /** Whether it stands open without a secret: on loopback and without keys, for behind a proxy loopback is the world. */
  readonly open: boolean;
}
export type SourceSecrets = Readonly<Record<SourceName, SourceKeeping>>;
