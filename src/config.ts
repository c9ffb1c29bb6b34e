import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { STRONG_KEY } from './api-keys/api-key.js';
import { isLoopback } from './loopback.js';
import { StartError } from './errors.js';
import { VARIABLES, type Form, type Traits, type Variable } from './variables.js';

type Field = keyof typeof VARIABLES;
type Values = { readonly [F in Field]: z.output<(typeof VARIABLES)[F]['schema']> };

/** The configuration that the program runs with. */
export interface Config extends Values {
  /** Set: where `apiKeys` were read, and are read again when they change there. */
  readonly apiKeysFile?: string;
}

type Environment = Readonly<Partial<Record<string, string>>>;

/** What a file says, without the end of its last line. An empty one is a mistake: no secret is as good as none. */
function contentOf(file: string, { expected }: Form): { text: string } | { problem: string } {
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? { problem: `is empty; expected ${expected}` } : { text };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { problem: `cannot be read (${code}); expected the path of a file that this user may read` };
  }
}

/** What a text says of a variable: its value, or what is wrong. */
function parsed({ schema, expected }: Form, { secret, entries }: Traits, text: string | undefined) {
  const { success, data, error } = schema.safeParse(text);
  if (success) return { value: data, problems: [] };
  const shown = secret ? 'its value' : JSON.stringify(text);
  const wrong = (issue: z.core.$ZodIssue): string => (entries ? issue.message : `${shown} cannot be used`);
  return { problems: error.issues.map((issue) => `${wrong(issue)}; expected ${expected}`) };
}

/** What the environment says of a variable. */
function read(variable: Variable, set: Environment): { value?: unknown; problems: readonly string[] } {
  const { name } = variable;
  const file = variable.secret && set[`${name}_FILE`];
  const under = (place: string, problems: readonly string[]) => problems.map((problem) => `${place}: ${problem}`);
  if (!file) {
    const { value, problems } = parsed(variable, variable, set[name]);
    return { value, problems: under(name, problems) };
  }
  if (set[name]) return { problems: [`${name}: it is set, and so is ${name}_FILE; expected one of them`] };
  const form = variable.inFile ?? variable;
  const content = contentOf(file, form);
  if ('problem' in content) return { problems: [`${name}_FILE: ${JSON.stringify(file)} ${content.problem}`] };
  const { value, problems } = parsed(form, variable, content.text);
  return { value, problems: under(`${name}_FILE`, problems) };
}

/** What is wrong about variables taken together; those that are wrong by themselves are not among them. */
function contradictions(values: Partial<Values>): string[] {
  const { host, apiKeys, eventStore } = values;
  const problems: string[] = [];
  if (host !== undefined && !isLoopback(host) && apiKeys) {
    const reached = `"${host}" can be reached from other machines`;
    const weak = apiKeys.filter((key) => key.weak).map(({ name }) => name);
    if (apiKeys.length === 0)
      problems.push(
        `HOST: ${reached} and API_KEYS is not set; expected API_KEYS ${VARIABLES.apiKeys.expected}, or HOST 127.0.0.1`,
      );
    else if (weak.length > 0)
      problems.push(
        `API_KEYS: ${reached}, and the key of ${weak.join(', ')} can be found by trying; expected ${STRONG_KEY} characters or more`,
      );
  }
  const { tlsCertFile: cert, tlsKeyFile: key } = values;
  if ((cert === undefined) !== (key === undefined))
    problems.push('TLS_CERT_FILE, TLS_KEY_FILE: one is set and the other is not; expected both or none');
  if (eventStore === 'eventstoredb' && 'eventStoreDbUrl' in values && values.eventStoreDbUrl === undefined)
    problems.push(
      `EVENTSTOREDB_URL: not set, and EVENT_STORE says that the log is there; expected ${VARIABLES.eventStoreDbUrl.expected}`,
    );
  return problems;
}

/**
 * Reads the configuration from `env`; an empty value counts as unset.
 * @throws StartError with every problem at once, each naming its variable and what would be right, and no secret.
 */
export function loadConfig(env: Environment): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const found = Object.entries(VARIABLES).map(([field, one]) => [field, read(one, set)] as const);
  const right = found.filter(([, { problems }]) => problems.length === 0);
  const values: Partial<Values> = Object.fromEntries(right.map(([field, { value }]) => [field, value]));
  const problems = [...found.flatMap(([, one]) => one.problems), ...contradictions(values)];
  if (problems.length > 0) throw new StartError(problems);
  const file = set['API_KEYS_FILE'];
  return { ...(values as Values), ...(file !== undefined && { apiKeysFile: file }) };
}

/** The keys of {@link Config.apiKeysFile} as they stand there now. @throws StartError when any of them cannot be used. */
export function readApiKeysAnew({ apiKeysFile, host }: Config): Config['apiKeys'] {
  const { value, problems } = read(VARIABLES.apiKeys, { API_KEYS_FILE: apiKeysFile });
  const apiKeys = value as Config['apiKeys'];
  const all = problems.length > 0 ? problems : contradictions({ host, apiKeys });
  if (all.length > 0) throw new StartError(all);
  return apiKeys;
}
