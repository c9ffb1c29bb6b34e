import type { LoggerService } from '@nestjs/common';
import type { Server } from 'node:https';
import type { Config } from '../config.js';
import { loggable } from '../loggable.js';
import { readCertificate, watchCertificate, type Certificate } from './tls.js';

/** TLS as it is configured: what the service begins with, and what takes every later certificate. */
export interface Tls {
  readonly certificate: Certificate;
  watch(server: Server): { stop(): Promise<void> };
}

/** Reads certificate and key; undefined where the ledger speaks plain HTTP. @throws StartError where they cannot be used */
export function openTls({ tlsCertFile: cert, tlsKeyFile: key }: Config, logger: LoggerService): Tls | undefined {
  if (cert === undefined || key === undefined) return undefined;
  const files = { cert, key };
  const certificate = readCertificate(files);
  const told = {
    changed: () => logger.log({ event: 'tls.certificate_changed' }),
    refused: (error: unknown) => logger.error({ event: 'tls.certificate_rejected', error: loggable(error) }),
  };
  return { certificate, watch: (server) => watchCertificate(server, files, certificate, told) };
}
