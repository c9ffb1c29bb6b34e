import { isIP } from 'node:net';
import { z } from 'zod';

/** Networks that have a name: those of this machine, of one link, of one site (RFC 1918, RFC 4193). */
const NAMED = ['loopback', 'linklocal', 'uniquelocal'];

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return rest.length === 0 && most > 0 && fits;
}

/** `off`, or the proxies whose word about the address of a caller (`X-Forwarded-For`) is taken. */
export const trustedProxies = z
  .string()
  .transform((text) => (text.trim() === 'off' ? [] : text.split(',').map((one) => one.trim())))
  .refine((all) => all.every((one) => NAMED.includes(one) || isNetwork(one)));
