import { generateKeyPairSync, sign } from 'node:crypto';
import type { Certificate } from './listener.js';

const [INTEGER, BITS, OCTETS, OID, TEXT, TIME, SEQUENCE, SET] = [0x02, 0x03, 0x04, 0x06, 0x0c, 0x17, 0x30, 0x31];
const context = (tag: number, constructed = true): number => (constructed ? 0xa0 : 0x80) | tag;

/** One element in DER: its tag, its length, its content. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const short = body.length < 0x80;
  const length = short ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const oid = (hex: string): Buffer => der(OID, Buffer.from(hex, 'hex'));
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value, 'latin1'));
const bytes = (...values: number[]): Buffer => Buffer.from(values);

const ecdsaWithSha256 = der(SEQUENCE, oid('2a8648ce3d040302'));
const commonName = der(SEQUENCE, der(SET, der(SEQUENCE, oid('550403'), text(TEXT, 'localhost'))));
const validity = der(SEQUENCE, text(TIME, '200101000000Z'), text(TIME, '491231235959Z'));
const version3 = der(context(0), der(INTEGER, bytes(2)));
const alternativeNames = der(
  SEQUENCE,
  text(context(2, false), 'localhost'),
  der(context(7, false), bytes(127, 0, 0, 1)),
);
const extensions = der(context(3), der(SEQUENCE, der(SEQUENCE, oid('551d11'), der(OCTETS, alternativeNames))));

/** A certificate of this machine that signs itself, so that no key need lie in the repository. */
export function selfSigned(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const serial = der(INTEGER, bytes(1));
  const names = [commonName, validity, commonName];
  const signed = der(SEQUENCE, version3, serial, ecdsaWithSha256, ...names, key, extensions);
  const signature = sign('sha256', signed, privateKey);
  const certificate = der(SEQUENCE, signed, ecdsaWithSha256, der(BITS, bytes(0), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g)!;
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}
