import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows know which attempt stood while a worker of an older one reported, and so does what came before its row. The tables that
 * are there get the column as well, and the view shows it: lists are answered while the next version is made.
 */
const ADD_TO_ROWS = `do $$
declare of_rows text;
begin
  for of_rows in select format('ledger.%I', relname) from pg_class
    where relnamespace = 'ledger'::regnamespace and relkind = 'r' and relname ~ '^execution_status_v[0-9]+$' loop
    execute format('alter table %s add column if not exists fenced_attempt integer not null default 0', of_rows);
  end loop;
  select format('create or replace view ledger.execution_status as select %s, fenced_attempt from ledger.%I',
                string_agg(quote_ident(attname), ', ' order by attnum), 'execution_status_v' || live.version)
    into of_rows
    from ledger.checkpoints live, pg_attribute
   where live.projection = 'execution-status' and live.live
     and attrelid = to_regclass('ledger.execution_status') and attnum > 0 and not attisdropped
     and attname <> 'fenced_attempt'
   group by live.version;
  if of_rows is not null then execute of_rows; end if;
end $$`;

export class KeepFences1764001200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ledger.early_refusals add column fenced_attempt integer not null default 0');
    await runner.query(ADD_TO_ROWS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ledger.early_refusals drop column fenced_attempt');
  }
}
