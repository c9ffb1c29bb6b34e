import type { FastifyReply } from 'fastify';
import { stringifyJson, weigh } from '../encoding/json.js';
import type { Json } from '../domain/json.js';
import { Pace } from '../event-loop.js';
import { shareOf } from './answers.js';

/** How much of many executions one answer shows, in bytes; the first is shown whatever it takes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The items as JSON, as many of the first as one answer shows. */
export async function written<T>(items: readonly T[], show: (item: T) => object): Promise<string[]> {
  const texts: string[] = [];
  const pace = new Pace();
  let left = MOST_BYTES;
  for (const item of items) {
    const text = stringifyJson(show(item));
    left -= Buffer.byteLength(text);
    if (left < 0 && texts.length > 0) break;
    texts.push(text);
    await pace.after(text.length);
  }
  return texts;
}

/** A page of a list, ready to be answered. */
export interface Page<T> {
  /** What its rows are called in the answer. */
  readonly name: string;
  readonly rows: readonly T[];
  /** Whether others stand behind these. */
  readonly more: boolean;
  /** What else the answer says of the list. */
  readonly besides?: Readonly<Record<string, unknown>> | undefined;
  readonly as_of: { readonly position: string };
}

/** A page as an answer: as many of its rows as one answer shows, the cursor of the next, and as of when it is. */
export async function pageOf<T>(
  reply: FastifyReply,
  { name, rows, more, besides = {}, as_of }: Page<T>,
  show: (row: T) => object,
  cursorAfter: (last: T) => string,
): Promise<string> {
  const shown = await written(rows, show);
  void reply.header('ledger-position', as_of.position);
  const last = more || shown.length < rows.length ? rows[shown.length - 1] : undefined;
  return objectOf(reply, [
    [name, `[${shown.join()}]`],
    ...(last === undefined ? [] : [['next_cursor', stringifyJson(cursorAfter(last))] as const]),
    ...Object.entries({ ...besides, as_of }).map(([member, value]) => [member, stringifyJson(value as Json)] as const),
  ]);
}

/** One execution as an answer, member by member: each may be as large as a body. @throws Problem 503 where there is no room for it */
export async function whole(reply: FastifyReply, shown: object): Promise<string> {
  shareOf(reply.request).claim(weigh(shown as Json));
  const members: [string, string][] = [];
  const pace = new Pace();
  for (const [name, value] of Object.entries(shown)) {
    const json = stringifyJson(value);
    members.push([name, json]);
    await pace.after(json.length);
  }
  return objectOf(reply, members);
}

/** An object as an answer, of members that are JSON already. */
export function objectOf(reply: FastifyReply, members: readonly (readonly [name: string, json: string])[]): string {
  void reply.header('content-type', 'application/json; charset=utf-8').serializer((text: string) => text);
  return `{${members.map(([name, json]) => `${stringifyJson(name)}:${json}`).join()}}`;
}
