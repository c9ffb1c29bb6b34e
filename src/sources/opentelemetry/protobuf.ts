import { isUtf8 } from 'node:buffer';
import protobuf from 'protobufjs/minimal.js';

/** How many fields a request may have: what is made of more would hold the event loop too long. */
export const MAX_FIELDS = 100_000;

/** A request of more than {@link MAX_FIELDS}. */
export class TooManyFields extends Error {}

interface Field {
  readonly name: string;
  /** How its value is written: 0 in a varying number of bytes, 1 in eight, 2 behind its length. */
  readonly wire: number;
  readonly many?: true;
  readonly read: (walk: Walk) => unknown;
}
type Fields = Readonly<Record<number, Field>>;

const text = (name: string): Field => ({ name, wire: 2, read: (walk) => walk.text() });
/** Ids come as bytes, and are hexadecimal in JSON. */
const hex = (name: string): Field => ({ name, wire: 2, read: (walk) => walk.hex() });
const fixed64 = (name: string): Field => ({ name, wire: 1, read: ({ reader }) => reader.fixed64().toString() });
const int64 = (name: string): Field => ({ name, wire: 0, read: ({ reader }) => reader.int64().toString() });
const int32 = (name: string): Field => ({ name, wire: 0, read: ({ reader }) => reader.int32() });
const one = (name: string, fields: Fields): Field => ({
  name,
  wire: 2,
  read: (walk) => walk.message(fields, walk.endOfValue()),
});
const many = (name: string, fields: Fields): Field => ({ ...one(name, fields), many: true });

/** The parts of `trace_service.proto`, `trace.proto` and `common.proto` that the ledger has use for, by field number. */
const ATTRIBUTES = many('attributes', {
  1: text('key'),
  2: one('value', { 1: text('stringValue'), 3: int64('intValue') }),
});
const SPAN: Fields = {
  1: hex('traceId'),
  2: hex('spanId'),
  4: hex('parentSpanId'),
  5: text('name'),
  7: fixed64('startTimeUnixNano'),
  8: fixed64('endTimeUnixNano'),
  9: ATTRIBUTES,
  11: many('events', { 2: text('name'), 3: ATTRIBUTES }),
  15: one('status', { 2: text('message'), 3: int32('code') }),
};
const REQUEST: Fields = {
  1: many('resourceSpans', {
    1: one('resource', { 1: ATTRIBUTES }),
    2: many('scopeSpans', { 2: many('spans', SPAN) }),
  }),
};

/** One pass over a request. Messages nest no deeper than the tables do, and what no table has is passed over unread. */
class Walk {
  readonly reader: protobuf.Reader;
  private fieldsLeft = MAX_FIELDS;

  constructor(private readonly body: Buffer) {
    this.reader = protobuf.Reader.create(body);
  }

  message(fields: Fields, end: number): Record<string, unknown> {
    const { reader } = this;
    const message: Record<string, unknown> = {};
    while (reader.pos < end) {
      if (--this.fieldsLeft < 0) throw new TooManyFields();
      const tag = reader.uint32();
      const [number, wire] = [tag >>> 3, tag & 7];
      if (number === 0) throw new RangeError('a field has the number 0');
      const field = fields[number];
      if (field?.wire !== wire) reader.skipType(wire);
      else if (field.many) ((message[field.name] ??= []) as unknown[]).push(field.read(this));
      else message[field.name] = field.read(this);
    }
    if (reader.pos !== end) throw new RangeError('a value is longer than the message that holds it');
    return message;
  }

  /** Where the value ends whose length comes next. */
  endOfValue(): number {
    const end = this.reader.uint32() + this.reader.pos;
    if (end > this.reader.len) throw new RangeError('it is cut off');
    return end;
  }

  text(): string {
    const [from, to] = this.next();
    const read = this.body.toString('utf8', from, to);
    // What cannot be read comes as this character: it must not be kept as something else.
    if (read.includes('\ufffd') && !isUtf8(this.body.subarray(from, to))) throw new RangeError('a text is not UTF-8');
    return read;
  }

  hex(): string {
    const [from, to] = this.next();
    return this.body.toString('hex', from, to);
  }

  /** Passes over a value, and says where it stands. */
  private next(): readonly [from: number, to: number] {
    const end = this.endOfValue();
    const from = this.reader.pos;
    this.reader.pos = end;
    return [from, end];
  }
}

/**
 * An ExportTraceServiceRequest as its JSON would have it.
 * @throws TooManyFields
 * @throws RangeError or Error where it is no such message
 */
export const exportedOf = (body: Buffer): Record<string, unknown> => new Walk(body).message(REQUEST, body.length);
