import { isLosslessNumber, parse } from 'lossless-json';
import { jsonOf, type Piece } from './payload-tree.js';

/** Beyond this nobody reads on, and a stack would end. */
const DEEPEST = 500;

function pieceOf(value: unknown, depth = 0): Piece {
  if (isLosslessNumber(value)) return { digits: value.value };
  if (typeof value !== 'object' || value === null) return value as Piece;
  if (depth > DEEPEST) return '… deeper than is shown';
  if (Array.isArray(value)) return { items: value.map((item) => pieceOf(item, depth + 1)) };
  return { members: Object.entries(value).map(([name, member]) => [name, pieceOf(member, depth + 1)] as const) };
}

/** Reads the answer of `GET /executions/:id` beside the page: five megabytes would hold it for a second. */
self.onmessage = ({ data }: MessageEvent<string>): void => {
  const { input, result, error, error_details } = parse(data) as Readonly<Record<string, unknown>>;
  const payloads = Object.entries({ result, error, error_details, input }).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const piece = pieceOf(value);
    return [[name, piece, new TextEncoder().encode(jsonOf(piece)).length] as const];
  });
  self.postMessage(payloads);
};
