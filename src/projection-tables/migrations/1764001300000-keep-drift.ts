import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rows that the patrol found not to be the fold of their stream, until it finds them right: every process shows them. */
export class KeepDrift1764001300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ledger.drifted_rows (
        projection text not null,
        version integer not null,
        execution_id text not null,
        field text not null,
        found_at timestamptz(3) not null default clock_timestamp(),
        looked_at timestamptz not null default clock_timestamp(),
        primary key (projection, version, execution_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ledger.drifted_rows');
  }
}
