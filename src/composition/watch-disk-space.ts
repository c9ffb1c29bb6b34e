import type { LoggerService } from '@nestjs/common';
import type { Config } from '../config.js';
import { DiskSpace } from '../disk-space.js';
import { loggable } from '../loggable.js';

/** Watches the room on the disk of a folder, and says in the log when it runs out and when there is some again. */
export async function watchDiskSpace(
  folder: string,
  { diskReserve }: Pick<Config, 'diskReserve'>,
  logger: LoggerService,
): Promise<DiskSpace> {
  const disk = new DiskSpace(folder, diskReserve, {
    changed: ({ free, reserve }, full) => {
      const line = { free_bytes: free, reserve_bytes: reserve };
      if (full) logger.error({ event: 'disk.space_low', ...line, detail: 'nothing is written until there is more' });
      else logger.log({ event: 'disk.space_regained', ...line, detail: 'there is room to write again' });
    },
    failed: (error) => logger.warn({ event: 'disk.look_failed', error: loggable(error) }),
  });
  await disk.start();
  return disk;
}
