import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which log the read models are of, where it is not kept beside them (see known-log.ts). */
export class KeepTheLogsId1764000900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ledger.log_of (
        id uuid not null,
        only_one boolean primary key default true check (only_one)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ledger.log_of');
  }
}
