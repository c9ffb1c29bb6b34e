import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from './api-key.js';
import type { RunQuery } from './key-uses.js';
import type { KeyRing } from './key-ring.js';

/** How long a session lasts, in seconds. */
export const SESSION_S = 12 * 60 * 60;

/** A sign-in with an API key. */
export interface Session {
  readonly key: ApiKey;
  /** In seconds since the epoch. */
  readonly expiresAt: number;
}

const TOKEN = /^(?<expires>\d{1,12})\.(?<proof>[\w-]{43})$/;

/** What sessions are proved by. All processes on a database have the same, so that a sign-in outlives each of them. */
export async function readSessionSecret(query: RunQuery): Promise<Buffer> {
  const [row] = await query<{ secret: Buffer }>('select secret from ledger.session_secret', []);
  return row!.secret;
}

/**
 * Sessions of people in a browser. Nothing of one is kept here: its token says when it expires, and proves that and its key
 * with the ledger's own secret. So it ends with its key as well, whichever process is asked.
 */
export class Sessions {
  constructor(
    private readonly keys: KeyRing,
    private readonly secret: Buffer,
    private readonly clock: () => number = Date.now,
  ) {}

  /** The token of a new session. */
  open(key: ApiKey): Session & { readonly token: string } {
    const expiresAt = Math.floor(this.clock() / 1_000) + SESSION_S;
    return { key, expiresAt, token: `${expiresAt}.${this.proofOf(key, expiresAt).toString('base64url')}` };
  }

  /** The session of a token; `undefined` once it has expired, its key has ended, or where nobody opened it here. */
  find(token: string): Session | undefined {
    const { expires, proof } = TOKEN.exec(token)?.groups ?? {};
    const expiresAt = Number(expires);
    if (proof === undefined || this.isOver({ expiresAt })) return undefined;
    const sent = Buffer.from(proof, 'base64url');
    const key = this.keys.findBy((one) => timingSafeEqual(this.proofOf(one, expiresAt), sent));
    return key && this.keys.isTaken(key) ? { key, expiresAt } : undefined;
  }

  /** Whether its time has passed; whoever it let in long ago is asked again. */
  isOver({ expiresAt }: Pick<Session, 'expiresAt'>): boolean {
    return expiresAt * 1_000 <= this.clock();
  }

  private proofOf({ digest }: ApiKey, expiresAt: number): Buffer {
    return createHmac('sha256', this.secret).update(`session ${expiresAt} `).update(digest).digest();
  }
}
