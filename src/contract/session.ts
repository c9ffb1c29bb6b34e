import * as z from 'zod';
import { SCOPES } from '../api-keys/api-key.js';
import { instantOut } from './primitives.js';

/** Who asks: the body of a sign-in. */
export const signIn = z.object({ key: z.string().min(1).max(1_000) }).meta({ id: 'SignIn' });
export type SignIn = z.infer<typeof signIn>;

/** As whom somebody asks, and what that may do. */
export const session = z
  .object({
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    ids: z.string().optional().meta({ description: 'What the ids begin with that it is confined to, and a *' }),
    expires_at: instantOut.optional().meta({ description: 'Absent where the key itself came, or there are no keys' }),
  })
  .meta({ id: 'Session' });
export type SessionView = z.infer<typeof session>;
