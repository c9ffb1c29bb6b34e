import { isUtf8 } from 'node:buffer';
import { Webhook } from 'standardwebhooks';
import type { HeaderOf, Source } from '../source.js';

/** What a secret of Standard Webhooks looks like: its key in base64. */
export const STANDARD_SECRET = /^whsec_(?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** What a signed delivery has in its headers; there may be several signatures while a secret is replaced. */
export const STANDARD_MARKS: Source['marks'] = [
  {
    'webhook-signature': /(?:^| )v1,[A-Za-z\d+/]{43}=(?: |$)/,
    'webhook-timestamp': /^\d{1,15}$/,
    'webhook-id': /^.{1,200}$/,
  },
];

/** Whether a delivery was signed by Standard Webhooks with the secret, over just these bytes and not five minutes ago. */
export function isStandardSigned(secret: string, body: Uint8Array, header: HeaderOf): boolean {
  // The library signs text: bytes that are none would pass as others that become the same text.
  if (!isUtf8(body)) return false;
  const headers = Object.fromEntries(Object.keys(STANDARD_MARKS[0]!).map((name) => [name, header(name) ?? '']));
  try {
    new Webhook(secret).verify(Buffer.from(body), headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

/** How deliveries of whoever speaks Standard Webhooks are known. */
export const STANDARD_WEBHOOKS: Source = {
  marks: STANDARD_MARKS,
  isSigned: isStandardSigned,
  variable: 'WEBHOOK_SECRETS',
  mostBytes: 1024 * 1024,
};
