import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A version is loaded in pieces of the log, several at a time: each is there with the last of its streams that is loaded.
 * What an older program was loading is begun again.
 */
export class LoadInPieces1764000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ledger.rebuilds drop column loaded, add column pieces jsonb');
    await runner.query(`update ledger.rebuilds set state = 'failed' where state = 'running' and phase = 'loading'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ledger.rebuilds drop column pieces, add column loaded text collate "C"');
  }
}
