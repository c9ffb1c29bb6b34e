import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several versions of a projection's table beside each other, one of them live, and what is being done to make or check one. */
export class VersionProjections1764000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ledger.checkpoints
        add column fold_version integer not null default 1,
        add column live boolean not null default true`);
    await runner.query(
      'alter table ledger.checkpoints alter column live drop default, alter column fold_version drop default',
    );
    await runner.query('create unique index checkpoints_live on ledger.checkpoints (projection) where live');
    await runner.query(`
      create table ledger.rebuilds (
        projection text not null,
        kind text not null,
        version integer not null,
        fold_version integer not null,
        state text not null,
        phase text not null,
        paused boolean not null default false,
        events_per_second integer,
        upto bigint not null,
        loaded text collate "C",
        events bigint not null default 0,
        ran_ms bigint not null default 0,
        started_at timestamptz(3) not null default now(),
        finished_at timestamptz(3),
        drift text,
        error text,
        primary key (projection, kind)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ledger.rebuilds');
    await runner.query('drop index ledger.checkpoints_live');
    await runner.query('alter table ledger.checkpoints drop column live, drop column fold_version');
  }
}
