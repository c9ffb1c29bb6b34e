import { readFile } from 'node:fs/promises';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const sql = (name: string): Promise<string> => readFile(new URL(`../sql/${name}.sql`, import.meta.url), 'utf8');

/** Appends follow no stamp that is far ahead of the clock, and tell of it. */
export class BoundStamps1764000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop function ledger.append');
    await runner.query(await sql('append'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function ledger.append');
    await runner.query(await sql('append_1'));
  }
}
