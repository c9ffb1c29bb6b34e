import { fresh, type Http } from './http.js';

const ABORT = { phase: 'staging', error: 'e' };
const COMMANDS: readonly [string, object | undefined][] = [
  ['dispatch', undefined],
  ['abort', ABORT],
  ['resume', undefined],
  ['pause', undefined],
  ['cancel', undefined],
];
const REPORTS: readonly [string, object | undefined][] = [
  ['status', { status: 'running' }],
  ['progress', { message: 'm' }],
];
/** Every endpoint that names one execution in its path and takes If-Match, with a body it takes. */
export const CONDITIONAL = [...COMMANDS, ...REPORTS];

/** A new execution, registered. */
export const opened = async (http: Http) => {
  const id = fresh();
  await http.post('/executions', { execution_id: id });
  return id;
};
