import { GITHUB_SIGNATURE, isSignedByGitHub } from './github/signature.js';
import { GITLAB } from './gitlab/token.js';
import { STANDARD_WEBHOOKS } from './webhooks/signature.js';

/** A header of a delivery by its name, if it came. */
export type HeaderOf = (name: string) => string | undefined;

/** A foreign system that delivers to the ledger, and how a delivery is known to be its own. */
export interface Source {
  /** The headers that prove a delivery and what each looks like, one such set or another: without any it is turned away before anything is read. */
  readonly marks: readonly Readonly<Record<string, RegExp>>[];
  /** Whether the headers were made for just these bytes with the secret; in constant time. */
  readonly isSigned: (secret: string, body: Uint8Array, header: HeaderOf) => boolean;
  /** The variable that its secret stands in. */
  readonly variable: string;
  /** How large a delivery may be, in bytes: its sender is not known until all of it is there. */
  readonly mostBytes: number;
}

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

/** A secret, and the name in the address that it is for, where its source has such names. */
export interface Secret {
  readonly secret: string;
  readonly of?: string;
}

/** How the endpoint of a source is kept: by secrets, any of which will do, so that one can be replaced; or by being this machine's alone. */
export interface SourceKeeping {
  readonly secrets: readonly Secret[];
  /** Whether it stands open without a secret: on loopback and without keys, for behind a proxy loopback is the world. */
  readonly open: boolean;
}
export type SourceSecrets = Readonly<Record<SourceName, SourceKeeping>>;
