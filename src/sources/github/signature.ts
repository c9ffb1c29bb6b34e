import { createHmac, timingSafeEqual } from 'node:crypto';

/** What `X-Hub-Signature-256` looks like. */
export const GITHUB_SIGNATURE = /^sha256=[\da-f]{64}$/;

/**
 * Whether `X-Hub-Signature-256` was made from exactly these bytes with the secret; in constant time.
 * @param body the body as received, not parsed and written again
 */
export function isSignedByGitHub(secret: string, body: Uint8Array, signature: string | undefined): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const given = Buffer.from(signature ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
