import { meantAs } from '../contract/lookalikes.js';
import { invalid } from '../contract/problem.js';
import { LongNumber, type Json } from '../domain/json.js';
import { Stint } from '../event-loop.js';
import { redactText } from './in-text.js';
import { ANY, NAMES, REDACTED, SELECTS, type Rules } from './rules.js';

/** How many paths are told of one body, and how long each may be: what was replaced in thousands of places says so once. */
const MOST_PATHS = 100;
const LONGEST_PATH = 255;
const AND_MORE = '…';

type Holder = Record<string, Json>;
type Path = readonly string[];

/** A value within a body: a member of its holder, under the name that an event gives it. */
interface Place {
  readonly holder: Holder;
  readonly key: string;
  readonly name: string;
  readonly within?: Place;
}

function pathTo(place: Place): string {
  const names: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.within) names.unshift(at.name);
  const path = names.join('.');
  return path.length > LONGEST_PATH ? path.slice(0, LONGEST_PATH) + AND_MORE : path;
}

const isHolder = (value: Json): value is Holder =>
  typeof value === 'object' && value !== null && !(value instanceof LongNumber);

/** What was replaced in bodies, by the body. */
const found = new WeakMap<object, readonly string[]>();

/** Where something was replaced in a body, as its events say it; undefined where nothing was. */
export const redactedIn = (body: Json): readonly string[] | undefined =>
  typeof body === 'object' && body !== null ? found.get(body) : undefined;

/** The names under which rules may know a member of a report or command: its own, and what it is read or kept as. */
function namesOf(member: string, value: Json): ReadonlySet<string> {
  const names = new Set([member, meantAs(member) ?? member]);
  if (names.has('input_data')) names.add('input');
  // An error that is an object is kept as its details, and its message as the error.
  if (names.has('error') && isHolder(value)) names.add('error_details');
  if (names.has('error_details')) names.add('error');
  return names;
}

/** What is under way of one body. */
class Pass {
  readonly replaced: Place[] = [];
  /** Texts that patterns are still to look at. */
  readonly texts: Place[] = [];

  constructor(private readonly rules: Rules) {}

  report(body: Holder): void {
    for (const key of Object.keys(body)) {
      const value = body[key];
      const name = key === 'input_data' ? 'input' : key;
      const names = namesOf(key, value);
      if (NAMES.has(key)) this.texts.push({ holder: body, key, name });
      else if (!SELECTS.has(key))
        this.member({ holder: body, key, name }, value, this.leading(this.rules.paths, 0, names), 1);
    }
  }

  private leading(paths: readonly Path[], depth: number, names: ReadonlySet<string>): Path[] {
    return paths.filter((path) => path[depth] === ANY || names.has(path[depth]!));
  }

  private member(place: Place, value: Json, paths: readonly Path[], depth: number): void {
    if (paths.some(({ length }) => length === depth) && value !== null && value !== undefined) {
      place.holder[place.key] = REDACTED;
      this.replaced.push(place);
    } else if (typeof value === 'string') this.texts.push(place);
    else if (isHolder(value) && (paths.length > 0 || this.rules.patterns.length > 0)) {
      for (const key of Object.keys(value)) {
        const within = paths.length === 0 ? paths : this.leading(paths, depth, new Set([key]));
        this.member({ holder: value, key, name: key, within: place }, value[key], within, depth + 1);
      }
    }
  }
}

/** Keeps secrets out of an append-only log: what `REDACT` names is replaced before anything is made of a body. */
export class Redaction {
  readonly isOff: boolean;

  constructor(private readonly rules: Rules) {
    this.isOff = rules.paths.length + rules.patterns.length === 0;
  }

  /**
   * The body, with what the rules name replaced in its own place; see {@link redactedIn}.
   * @throws Problem 400 where the id of the request, or of what it is about, holds what a pattern matches
   */
  async body<T extends Json>(body: T): Promise<T> {
    if (this.isOff || !isHolder(body)) return body;
    const pass = new Pass(this.rules);
    pass.report(body);
    const stint = new Stint();
    for (const place of this.rules.patterns.length > 0 ? pass.texts : []) await this.text(place, pass, stint);
    const paths = pass.replaced.slice(0, MOST_PATHS).map(pathTo);
    if (pass.replaced.length > MOST_PATHS) paths.push(AND_MORE);
    if (paths.length > 0) found.set(body, paths);
    return body;
  }

  /** A text that comes beside a body and is kept. */
  header(text: string): Promise<string> {
    return redactText(text, this.rules.patterns, new Stint());
  }

  /** An id. @throws Problem 400 where it holds what a pattern matches: replaced, it would be somebody else's */
  refuseId(name: string, id: string): void {
    if (this.rules.patterns.some((pattern) => pattern.test(id)))
      throw invalid(name, 'holds what REDACT keeps out of the log');
  }

  private async text(place: Place, pass: Pass, stint: Stint): Promise<void> {
    const { holder, key, within } = place;
    const text = holder[key];
    if (typeof text !== 'string') return;
    if (within === undefined && NAMES.has(key)) return this.refuseId(key, text);
    const redacted = await redactText(text, this.rules.patterns, stint);
    if (redacted === text) return;
    holder[key] = redacted;
    pass.replaced.push(place);
  }
}
