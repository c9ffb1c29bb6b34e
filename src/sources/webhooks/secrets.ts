import { z } from 'zod';
import type { Secret } from '../source.js';
import { STANDARD_SECRET } from './signature.js';

const NAME = /^[\w.-]{1,64}$/;

/** Secrets by the name in the address of their webhook, `name:whsec_…`, comma-separated or a line each; several may have one name. */
export const webhookSecrets = z.string().transform((text, { addIssue }): readonly Secret[] =>
  text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry, n) => {
      const [, of = '', secret = ''] = /^([^:]*):(.*)$/.exec(entry) ?? [];
      if (!NAME.test(of)) addIssue(`entry ${n + 1} has no name of letters, digits, ".", "_" and "-" before its ":"`);
      else if (!STANDARD_SECRET.test(secret)) addIssue(`the secret of ${of} is not whsec_ and base64`);
      return { of, secret };
    }),
);
