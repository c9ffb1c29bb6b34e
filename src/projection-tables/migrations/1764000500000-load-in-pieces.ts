import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far a table was loaded is not known to the other program: as one of no version of the code it is dropped and begun
 * anew by whoever goes on. What was only asked for is left as it is.
 */
const BEGIN_ANEW = `update ledger.rebuilds set fold_version = 0
  where state = 'running' and phase in ('loading', 'indexing') and version > 0 and kind <> 'rollback'`;

/**
 * A version is loaded in pieces of the log, several at a time: each is there with the last of its streams that is loaded.
 * What an older program was loading is begun anew.
 */
export class LoadInPieces1764000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ledger.rebuilds drop column loaded, add column pieces jsonb');
    await runner.query(BEGIN_ANEW);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ledger.rebuilds drop column pieces, add column loaded text collate "C"');
    await runner.query(BEGIN_ANEW);
  }
}
