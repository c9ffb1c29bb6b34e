/** A piece of JSON as the worker hands it over: numbers keep every digit, which `JSON.parse` would round. */
export type Piece =
  | null
  | boolean
  | string
  | { readonly digits: string }
  | { readonly items: readonly Piece[] }
  | { readonly members: readonly (readonly [string, Piece])[] };

/** Where a text was found: the path to it, and the value there in short. */
export interface TextMatch {
  readonly path: string;
  readonly value: string;
}

/** What is shown of a value where it does not stand open. */
export function brief(piece: Piece): string {
  if (piece === null || typeof piece === 'boolean') return String(piece);
  if (typeof piece === 'string') return JSON.stringify(piece.length > 200 ? `${piece.slice(0, 200)}…` : piece);
  if ('digits' in piece) return piece.digits;
  return 'items' in piece ? `[ ${piece.items.length} ]` : `{ ${piece.members.length} }`;
}

/** The members of an object or an array by name; of anything else none. */
export function childrenOf(piece: Piece): readonly (readonly [string, Piece])[] {
  if (piece === null || typeof piece !== 'object' || 'digits' in piece) return [];
  return 'items' in piece ? piece.items.map((item, at) => [String(at), item] as const) : piece.members;
}

const MOST_FOUND = 100;

/** Where keys or values hold a text, in upper or lower case; the first hundred. */
export function find(piece: Piece, text: string): TextMatch[] {
  const wanted = text.toLowerCase();
  const found: TextMatch[] = [];
  const left: (readonly [string, string, Piece])[] = [['', '', piece]];
  while (left.length > 0 && found.length < MOST_FOUND) {
    const [path, key, one] = left.pop()!;
    const children = childrenOf(one);
    const isLeaf = children.length === 0;
    const value = typeof one === 'string' ? one : isLeaf ? brief(one) : '';
    if (key.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted))
      found.push({ path, value: brief(one) });
    for (let at = children.length - 1; at >= 0; at--) {
      const [name, child] = children[at]!;
      left.push([path === '' ? name : `${path}.${name}`, name, child]);
    }
  }
  return found;
}

/** The JSON of a piece, every digit of its numbers kept. */
export function jsonOf(piece: Piece): string {
  if (piece === null || typeof piece !== 'object') return JSON.stringify(piece);
  if ('digits' in piece) return piece.digits;
  return 'items' in piece
    ? `[${piece.items.map(jsonOf).join(',')}]`
    : `{${piece.members.map(([name, member]) => `${JSON.stringify(name)}:${jsonOf(member)}`).join(',')}}`;
}
