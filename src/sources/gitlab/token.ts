import { hash, timingSafeEqual } from 'node:crypto';
import { isStandardSigned, STANDARD_MARKS, STANDARD_SECRET } from '../webhooks/signature.js';
import type { HeaderOf, Source } from '../source.js';

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** Node gives each byte of a header as a character; a token may be any text. */
const bytesOf = (value: string): string => Buffer.from(value, 'latin1').toString();

/** Whether the token came as it is. Digests are compared: they are of one length, whatever was sent. */
const isToken = (token: string, given: string): boolean => timingSafeEqual(digest(token), digest(bytesOf(given)));

/**
 * Whether a delivery is GitLab's: by its secret token, sent as it is, or by its signing token, which begins with `whsec_` and
 * is never sent.
 */
const isOfGitLab = (token: string, body: Uint8Array, header: HeaderOf): boolean =>
  STANDARD_SECRET.test(token) ? isStandardSigned(token, body, header) : isToken(token, header('X-Gitlab-Token') ?? '');

/** How deliveries of GitLab are known. */
export const GITLAB: Source = {
  marks: [{ 'X-Gitlab-Token': /./ }, ...STANDARD_MARKS],
  isSigned: isOfGitLab,
  variable: 'GITLAB_WEBHOOK_TOKEN',
  mostBytes: 1024 * 1024,
};
