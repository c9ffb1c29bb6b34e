import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { EXIT, CommandError } from './exit-codes.js';

/** Where a ledger is asked, and with which API key. */
export interface LedgerAddress {
  readonly url: string;
  readonly key?: string;
}

/** Adds the options that say where a ledger is asked. */
export const withAddress = (command: Command): Command =>
  command
    .addOption(new Option('--url <address>', 'where the ledger is').env('LEDGER_URL').default('http://127.0.0.1:8080'))
    .addOption(new Option('--key <key>', 'an API key').env('LEDGER_KEY'));

/** The key in the file that `LEDGER_KEY_FILE` names. @throws CommandError where that cannot be read */
function keyInFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(EXIT.usage, `LEDGER_KEY_FILE: ${JSON.stringify(file)} cannot be read (${code})`);
  }
}

/** @throws CommandError where it is no address; what it is goes untold, for it may hold a password */
function baseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && !parsed.password)
    return parsed.origin + parsed.pathname.replace(/\/+$/, '');
  throw new CommandError(EXIT.usage, 'LEDGER_URL, or --url: expected an address such as http://127.0.0.1:8080');
}

/** @throws CommandError where it is no key; the platform's own message would repeat it */
function requireKey(key: string): void {
  try {
    new Headers({ authorization: `Bearer ${key}` });
  } catch {
    throw new CommandError(EXIT.usage, 'LEDGER_KEY, or --key: it has a character that no API key has');
  }
}

/**
 * What the options of {@link withAddress} say; the address without a slash at its end. `LEDGER_KEY_FILE` is asked where no key
 * is given.
 */
export function addressOf(command: Command): LedgerAddress {
  const { url, key } = command.opts<LedgerAddress>();
  const file = process.env['LEDGER_KEY_FILE'];
  const known = key || (file ? keyInFile(file) : undefined);
  if (known) requireKey(known);
  return { url: baseOf(url), ...(known && { key: known }) };
}
