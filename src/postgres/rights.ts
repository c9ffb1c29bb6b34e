import type pg from 'pg';
import { StartError } from '../errors.js';

/** What the role that serves may do with what belongs to the owner; with everything that is not named here, {@link KEPT}. */
const RIGHTS: Readonly<Record<string, string>> = {
  events: 'INSERT, SELECT',
  events_readable: 'SELECT',
  migrations: 'SELECT',
};
/** What is kept beside the read models, and moves with them. */
const KEPT = 'DELETE, INSERT, SELECT, UPDATE';

interface Relation {
  readonly name: string;
  /** It belongs to a projection: its versions come and go with the rebuilds of whoever serves. */
  readonly projected: boolean;
  readonly view: boolean;
  readonly owner: string;
  /** What the role that serves may do with it, by whatever way. */
  readonly rights: string;
}

interface Schema {
  readonly own: boolean;
  readonly open: boolean;
}

type RunQuery = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

const RELATIONS = `select relname as name, relkind = 'v' as view, relowner::regrole::text as owner,
         exists (select from ledger.checkpoints
                  where relname ~ ('^' || replace(projection, '-', '_') || '(_v[0-9]+)?$')) as projected,
         (select string_agg(one, ', ' order by one)
            from unnest(array['DELETE', 'INSERT', 'MAINTAIN', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']) one
           where has_table_privilege($1, c.oid, one)) as rights
    from pg_class c
   where relnamespace = 'ledger'::regnamespace and relkind in ('r', 'v')
   order by relkind, relname`;

/** Those of an extension (pg_trgm) belong to the server's superuser, whoever asked for it. */
const FUNCTIONS = `select oid::regprocedure::text as name from pg_proc
   where pronamespace = 'ledger'::regnamespace and proowner <> current_user::regrole
     and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')`;

const SCHEMA = `select nspowner = current_user::regrole as own, has_schema_privilege($1, oid, 'usage')
         and has_schema_privilege($1, oid, 'create') as open
    from pg_namespace where nspname = 'ledger'`;

/** What makes everything belong to whom it should. */
async function handOvers(query: RunQuery, role: string, owner: string): Promise<string[]> {
  const [schema] = await query<Schema>(SCHEMA, [role]);
  const functions = await query<{ name: string }>(FUNCTIONS);
  const relations = (await query<Relation>(RELATIONS, [role])).map((is) => ({
    ...is,
    to: is.projected ? role : owner,
  }));
  return [
    ...(schema!.own ? [] : [`alter schema ledger owner to ${owner}`]),
    ...functions.map(({ name }) => `alter function ${name} owner to ${owner}`),
    ...relations
      .filter((is) => is.owner !== is.to)
      .map((is) => `alter ${is.view ? 'view' : 'table'} ${on(is)} owner to ${is.to}`),
  ];
}

/** What gives the role the rights that it needs, and no others. */
async function grants(query: RunQuery, role: string): Promise<string[]> {
  const [schema] = await query<Schema>(SCHEMA, [role]);
  const relations = (await query<Relation>(RELATIONS, [role])).map((is) => ({
    ...is,
    needed: RIGHTS[is.name] ?? KEPT,
  }));
  // A program of before, which runs beside this one as the owner, may still make a version: it must be read, and moved.
  const byDefault = `alter default privileges in schema ledger grant ${KEPT} on tables to ${role}`;
  return [
    ...(schema!.open ? [] : [`grant usage, create on schema ledger to ${role}`, byDefault]),
    ...relations
      .filter((is) => !is.projected && is.rights !== is.needed)
      .flatMap((is) => [`revoke all on ${on(is)} from ${role}`, `grant ${is.needed} on ${on(is)} to ${role}`]),
  ];
}

const OWNER = 'a role that may create in the database, and is a member of that of DATABASE_URL';

const on = ({ name }: Relation): string => `ledger."${name.replaceAll('"', '""')}"`;

/**
 * Has the log belong to the role of this connection, and the role that serves append to it and no more. It owns the tables of
 * the projections alone, which it makes and drops. What was made by one role for all is shared out by this; what is right
 * stays untouched, so that no start waits for who reads.
 * @param role as `regrole` writes it
 */
export async function shareOut(client: pg.ClientBase, role: string): Promise<void> {
  const query: RunQuery = async (text, values = []) => (await client.query(text, [...values])).rows;
  const run = async (statements: readonly string[]): Promise<void> => {
    for (const statement of statements)
      await client.query(statement).catch((cause: Error) => {
        throw new StartError([`DATABASE_OWNER_URL: ${statement}: ${cause.message}; expected ${OWNER}`], { cause });
      });
  };
  await run(await handOvers(query, role, await roleOf(client)));
  await run(await grants(query, role)); // who owned something had every right to it: only now it is seen what is missing
}

/** The role of this connection, as {@link shareOut} takes it. */
export async function roleOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ role: string }>('select current_user::regrole::text as role');
  return rows[0]!.role;
}

const EXCESS = `select current_user as role
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.oid = 'ledger.events'::regclass
     and (pg_has_role(c.relowner, 'member') or pg_has_role(n.nspowner, 'member')
          or has_table_privilege(c.oid, 'delete, truncate, trigger') or has_any_column_privilege(c.oid, 'update'))`;

/** Makes sure that the role of this connection can only append to the log. @throws StartError where it can do more */
export async function requireAppendOnly(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ role: string }>(EXCESS);
  if (rows.length === 0) return;
  throw new StartError([
    `DATABASE_URL: its role ${rows[0]!.role} could change the log, for it is a superuser, the owner or a member of it, or was granted more by others; expected another role than that of DATABASE_OWNER_URL`,
  ]);
}
