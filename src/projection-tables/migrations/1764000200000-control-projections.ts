import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the keeper of a projection wants of it, when it last moved, and a way to the parked events of an execution. */
export class ControlProjections1764000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ledger.checkpoints
        add column paused boolean not null default false,
        add column retry boolean not null default false,
        add column moved_at timestamptz(3) not null default now()`);
    await runner.query(`
      create index parked_events_execution on ledger.parked_events (projection, version, left(execution_id, 255))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ledger.parked_events_execution');
    await runner.query('alter table ledger.checkpoints drop column moved_at, drop column retry, drop column paused');
  }
}
