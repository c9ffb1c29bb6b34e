import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each projection is, what it could not read, and what was refused before there was a row to count it in. The projections' own tables follow from their code. */
export class CreateCheckpoints1764000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ledger.checkpoints (
        projection text not null,
        version integer not null,
        position bigint not null default 0,
        recorded_at timestamptz(3),
        primary key (projection, version)
      )`);
    await runner.query(`
      create table ledger.parked_events (
        projection text not null,
        version integer not null,
        position bigint not null,
        event_type text not null,
        execution_id text not null,
        revision integer not null,
        error text not null,
        primary key (projection, version, position)
      )`);
    await runner.query(`
      create table ledger.early_refusals (
        projection text not null,
        version integer not null,
        execution_id text not null,
        refused_revision integer not null,
        primary key (projection, version, execution_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ledger.early_refusals');
    await runner.query('drop table ledger.parked_events');
    await runner.query('drop table ledger.checkpoints');
  }
}
