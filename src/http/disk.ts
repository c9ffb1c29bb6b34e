import type { FastifyInstance } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import { Problem } from '../contract/problem.js';
import type { DiskSpace } from '../disk-space.js';
import { traitsOf } from './access.js';

const MIB = 1024 * 1024;
const inMib = (bytes: number): string => `${Math.ceil(bytes / MIB)} MiB`;

/** While the disk is too full to write, whoever wants to is told before his body is read; reads and operations go on. */
export function refuseOnFullDisk(fastify: FastifyInstance, disk: DiskSpace): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { scope, source } = traitsOf(request);
    const writes = scope === 'report' || scope === 'command' || source !== undefined;
    if (!disk.isFull || !writes || request.is404) return done();
    const { free, reserve } = disk.room!;
    const detail = `the disk of the ledger has ${inMib(free)} left and keeps ${inMib(reserve)} in reserve (DISK_RESERVE): ${inMib(disk.missing)} are missing; nothing was written`;
    done(Problem.of('disk_full', detail, {}, 10));
  });
}

/** Says how much room there is. */
export function watchDisk(registry: Registry, disk: DiskSpace): void {
  const gauge = (name: string, help: string, value: () => number | undefined): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const now = value();
        if (now !== undefined) this.set(now);
      },
    });
  };
  gauge('ledger_disk_free_bytes', 'Room on the disk of the embedded database', () => disk.room?.free);
  gauge('ledger_disk_reserve_bytes', 'Below so much room nothing is written', () => disk.room?.reserve);
}
