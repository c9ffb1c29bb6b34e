import type { FastifyReply } from 'fastify';
import { stringifyJson, weigh } from '../encoding/json.js';
import type { Json } from '../domain/json.js';
import { Pace } from '../event-loop.js';
import { shareOf } from './answers.js';

/** How much of many executions one answer shows, in bytes; the first is shown whatever it takes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A member of an object, as JSON. */
export const memberOf = (name: string, value: Json): string => `${stringifyJson(name)}:${stringifyJson(value)}`;

/** The first of many items, as JSON. */
interface WrittenItems {
  readonly count: number;
  /** Theirs, and the commas between them. */
  readonly pieces: readonly Buffer[];
}

const COMMA = Buffer.from(',');

/**
 * As many of the first items as one answer shows. Each is made into bytes when it is written: megabytes of text that are
 * joined at the end, and made into bytes then, hold the loop for a tenth of a second.
 * @param show an item as JSON: a value, or a member of an object
 */
export async function written<T>(items: readonly T[], show: (item: T) => string): Promise<WrittenItems> {
  const pieces: Buffer[] = [];
  const pace = new Pace();
  let left = MOST_BYTES;
  let count = 0;
  for (const item of items) {
    const text = show(item);
    const bytes = Buffer.from(text);
    left -= bytes.length;
    if (left < 0 && count > 0) break;
    if (count++ > 0) pieces.push(COMMA);
    pieces.push(bytes);
    await pace.after(text.length);
  }
  return { count, pieces };
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
): Promise<Buffer> {
  const shown = await written(rows, (row) => stringifyJson(show(row)));
  void reply.header('ledger-position', as_of.position);
  const last = more || shown.count < rows.length ? rows[shown.count - 1] : undefined;
  const rest = { ...(last !== undefined && { next_cursor: cursorAfter(last) }), ...besides, as_of };
  const [head, tail] = [`{${stringifyJson(name)}:[`, `],${stringifyJson(rest as Json).slice(1)}`];
  return jsonOf(reply, [Buffer.from(head), ...shown.pieces, Buffer.from(tail)]);
}

/** One execution as an answer, member by member: each may be as large as a body. @throws Problem 503 where there is no room for it */
export async function whole(reply: FastifyReply, shown: object): Promise<Buffer> {
  shareOf(reply.request).claim(weigh(shown as Json));
  const members: Buffer[] = [];
  const pace = new Pace();
  for (const [name, value] of Object.entries(shown)) {
    const bytes = Buffer.from(`${members.length === 0 ? '{' : ','}${memberOf(name, value as Json)}`);
    members.push(bytes);
    await pace.after(bytes.length);
  }
  return jsonOf(reply, [...members, Buffer.from('}')]);
}

/** An answer of JSON that is bytes already. */
export function jsonOf(reply: FastifyReply, pieces: readonly Buffer[]): Buffer {
  void reply.header('content-type', 'application/json; charset=utf-8');
  return Buffer.concat(pieces);
}
