import { readFile } from 'node:fs/promises';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const sql = (name: string): Promise<string> => readFile(new URL(`../sql/${name}.sql`, import.meta.url), 'utf8');

/** The log: its table, the one function that writes it, and the view for people. */
export class CreateLedger1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const name of ['events', 'append_1', 'readable_json', 'events_readable']) await runner.query(await sql(name));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop view ledger.events_readable');
    await runner.query('drop function ledger.readable_json, ledger.append');
    await runner.query('drop table ledger.events');
  }
}
