import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What finds text anywhere in a column (PostgreSQL's module pg_trgm). Where it is not installed, or the role may not have it,
 * lists by text within errors read more rows; nothing else needs it.
 */
export class FindText1764001000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`do $$ begin
      create extension if not exists pg_trgm with schema ledger;
    exception when insufficient_privilege or undefined_file or feature_not_supported then
      raise notice 'pg_trgm: %', sqlerrm;
    end $$`);
  }

  async down(): Promise<void> {
    // It may have been there before, and others may use it.
  }
}
