import { expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import { MIGRATIONS } from '../../src/composition/migrations.js';

/**
 * What each migration ran where it has run, by the beginning of its digest. One that is changed here has two kinds of
 * databases afterwards: a new text needs a new migration, and the old text a file that it is kept in
 * (`src/event-store/postgres/sql/append_1.sql`).
 */
const RAN: Readonly<Record<string, string>> = {
  CreateLedger1764000000000: 'fcefc44c4d8c4a24',
  BoundStamps1764000600000: '5fdcde75b8b7031f',
  KeepLogPages1764000800000: '55d33115362293ab',
  CreateCheckpoints1764000100000: '0effa66255c23a21',
  ControlProjections1764000200000: 'bf7843fcf8c609a9',
  VersionProjections1764000300000: '88abcead00d7b82d',
  AskForSamples1764000400000: '498344586a9d1810',
  LoadInPieces1764000500000: '82e83e3cedfc2639',
  KeepContradictions1764000600000: '982c4000a8b1609c',
  KeepTheLogsId1764000900000: '9784fc8f72621432',
  KeepDrift1764001300000: 'e925dc8644f9fb93',
  KeepFences1764001200000: '3433eaaa8ad8b966',
  FindText1764001000000: '09e3ffc0dd874b2d',
  KeepKeyUses1764000700000: '3935a383dc70abd8',
  KeepSessionSecret1764001100000: '4f1ade510a4e0314',
};

async function statementsOf(Migration: (typeof MIGRATIONS)[number]): Promise<string[]> {
  const statements: string[] = [];
  const query = (sql: string, parameters: readonly unknown[] = []): Promise<unknown[]> => {
    statements.push([sql, ...parameters.map(String)].join('\n'));
    return Promise.resolve([]);
  };
  await new Migration().up({ query } as unknown as QueryRunner);
  return statements;
}

it.each(MIGRATIONS.map((Migration) => [Migration.name, Migration] as const))(
  '%s runs what it ran, today’s SQL included',
  async (name, Migration) => {
    const statements = await statementsOf(Migration);
    expect(statements.length).toBeGreaterThan(0);
    const digest = createHash('sha256').update(JSON.stringify(statements)).digest('hex').slice(0, 16);
    expect({ [name]: digest }).toEqual({ [name]: RAN[name] });
  },
);
