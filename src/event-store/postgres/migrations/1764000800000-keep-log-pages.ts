import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each page of the log was when it was first held: the beginning of a digest of every event, and what is wrong with it now. */
export class KeepLogPages1764000800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table ledger.log_pages (page bigint primary key, marks bytea not null, wrong text)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ledger.log_pages');
  }
}
