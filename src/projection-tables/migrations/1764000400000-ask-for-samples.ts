import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many executions a verification takes, where it does not take all. */
export class AskForSamples1764000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ledger.rebuilds add column sample integer');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ledger.rebuilds drop column sample');
  }
}
