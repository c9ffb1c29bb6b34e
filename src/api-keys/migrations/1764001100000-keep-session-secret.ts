import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The secret that sessions are proved by: made once, here, by the system's own randomness (of 256 bits 244 are random). */
export class KeepSessionSecret1764001100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table ledger.session_secret (
         the_only boolean primary key default true check (the_only),
         secret bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
       )`,
    );
    await runner.query('insert into ledger.session_secret default values');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ledger.session_secret');
  }
}
