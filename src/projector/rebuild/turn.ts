import type pg from 'pg';
import { rebuildPurposeOf } from '../../read-model/purpose.js';
import { tryToLead } from '../leadership.js';
import type { ChoreKind } from './chore.js';
import type { RebuildParts } from './rebuild.js';

/** Somebody else is at it, or has just done it. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

/**
 * Takes the lock of whoever rebuilds or verifies this projection, on this connection, until it ends.
 * @throws Busy where somebody has it, or did what was asked for before it could be had
 */
export async function takeTurn(
  client: pg.Client,
  { projection: { name }, asked }: Pick<RebuildParts, 'projection' | 'asked'>,
): Promise<void> {
  if (!(await tryToLead(client, rebuildPurposeOf(name)))) {
    throw new Busy(`${name} is being rebuilt or verified already`);
  }
  if (asked && !(await isToBeDone(client, name, asked))) throw new Busy(`the ${asked} of ${name} has just been done`);
}

async function isToBeDone(client: pg.Client, name: string, kind: ChoreKind): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from ledger.rebuilds where projection = $1 and kind = $2 and state in ('running', 'verifying')`,
    [name, kind],
  );
  return rowCount === 1;
}
