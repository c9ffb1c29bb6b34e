import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each API key was last used, by its fingerprint: which key of a rotation is still in use is seen here. */
export class KeepKeyUses1764000700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table ledger.api_key_uses (fingerprint text primary key, used_at timestamptz not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ledger.api_key_uses');
  }
}
