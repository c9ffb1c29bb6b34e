import { GITHUB_SIGNATURE, isSignedByGitHub } from './github/signature.js';

/** Every dialect, as the reports that come by it name their source. */
export const DIALECTS = ['github', 'openlineage', 'cloudevents'] as const;

/** A foreign system that delivers to the ledger, and how a delivery is known to be its own. */
export interface Source {
  /** The header that holds the signature. */
  readonly header: string;
  /** What every signature looks like: another one is turned away before anything is read. */
  readonly form: RegExp;
  readonly isSigned: (secret: string, body: Uint8Array, signature: string) => boolean;
  /** The variable that its secret stands in. */
  readonly variable: string;
  /** How large a delivery may be, in bytes: its sender is not known until all of it is there. */
  readonly mostBytes: number;
}

/** Every foreign system, by the name that its route gives. */
export const SOURCES = {
  github: {
    header: 'X-Hub-Signature-256',
    form: GITHUB_SIGNATURE,
    isSigned: isSignedByGitHub,
    variable: 'GITHUB_WEBHOOK_SECRET',
    mostBytes: 1024 * 1024,
  },
} as const satisfies Readonly<Record<string, Source>>;
export type SourceName = keyof typeof SOURCES;

/** How the endpoint of a source is kept: by secrets, any of which will do, so that one can be replaced; or by being this machine's alone. */
export interface SourceKeeping {
  readonly secrets: readonly string[];
  /** Whether it stands open without a secret: on loopback and without keys, for behind a proxy loopback is the world. */
  readonly open: boolean;
}
export type SourcesKept = Readonly<Record<SourceName, SourceKeeping>>;
