import { readFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { StartError } from '../errors.js';
import { watchFiles } from '../watch-files.js';

/** Where certificate and key lie, in PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What the files hold. @throws StartError where it cannot be read, or certificate and key do not belong together */
export function readCertificate(files: TlsFiles): Certificate {
  try {
    const certificate = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
    createSecureContext(certificate);
    return certificate;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new StartError([
      `TLS_CERT_FILE, TLS_KEY_FILE: certificate and key cannot be used (${code}); expected the paths of a certificate chain and its private key, in PEM`,
    ]);
  }
}

export interface CertificateWatch {
  readonly changed: () => void;
  /** The certificate of before is used on. */
  readonly refused: (error: unknown) => void;
}

/** Takes a certificate as its files change. They change one after the other: the pair is taken when it fits. */
export function watchCertificate(
  server: Server,
  files: TlsFiles,
  started: Certificate,
  watch: CertificateWatch,
): { stop(): Promise<void> } {
  let taken = started;
  const take = (): void => {
    const certificate = readCertificate(files);
    if (isDeepStrictEqual(certificate, taken)) return;
    server.setSecureContext(certificate);
    taken = certificate;
    watch.changed();
  };
  return watchFiles(Object.values(files), take, watch.refused);
}
