/** How deep JSON may nest. Whoever walks a value does so on the stack, and a deeper one would end the request, not be refused. */
export const MAX_DEPTH = 500;
/**
 * How many values one body, or one report of many, may hold: what is made of more would hold the event loop too long. A key
 * counts as one too, for to keep one takes longer than to keep a number; and so do more digits, which no double may hold.
 */
export const MAX_VALUES = 20_000;

export const TOO_DEEP = `nested deeper than ${MAX_DEPTH} levels`;
export const tooMany = (most: number): string => `more than ${most} values`;
export const TOO_MANY_VALUES = tooMany(MAX_VALUES);

/** So many characters of numbers count as one value more. */
const DIGITS_PER_VALUE = 5;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Measures JSON while its bytes arrive, before anything is made of it. Whether it is JSON is the parser's to say: of what is
 * not, the numbers are an upper bound of what a parser could have made until it stopped.
 */
export class JsonMeasure {
  private depth = 0;
  /** How many values there are at most, the whole among them. */
  values = 1;
  private digits = 0;
  private inString = false;
  private escaped = false;
  /** The first limit that was passed. */
  flaw: string | undefined;

  constructor(private readonly most = MAX_VALUES) {}

  /**
   * Reads on. As an element of an array, up to the comma or bracket that ends it.
   * @returns where it stopped: `to`, or the place of that end
   */
  scan(bytes: Uint8Array, from: number, to: number, asElement = false): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inString = false;
      } else if (byte === QUOTE) this.inString = true;
      else if (asElement && this.depth === 0 && (byte === COMMA || byte === CLOSE_ARRAY)) return at;
      else if (byte === COMMA || byte === COLON) this.count();
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) this.open();
      else if ((byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) && this.depth > 0) this.depth--;
      else if (byte <= NINE && byte >= ZERO && ++this.digits % DIGITS_PER_VALUE === 0) this.count();
    }
    return to;
  }

  /** Begins anew. */
  reset(): void {
    this.depth = this.digits = 0;
    this.values = 1;
    this.inString = this.escaped = false;
    this.flaw = undefined;
  }

  private count(): void {
    if (++this.values > this.most) this.flaw ??= tooMany(this.most);
  }

  private open(): void {
    this.count();
    if (++this.depth > MAX_DEPTH) this.flaw ??= TOO_DEEP;
  }
}
