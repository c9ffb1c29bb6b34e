import { Logger } from '@nestjs/common';
import type { Extra } from '../contract/answers.js';
import { loggableStack } from '../loggable.js';

const logger = new Logger('http');

/**
 * What an answer shows beside its receipt. The verdict stands by then and its receipt goes out whatever else fails: what
 * cannot be had is left out and named, or a winner would be told that nothing was written.
 */
export async function extra<K extends Extra, T>(
  name: K,
  read: () => Promise<T>,
): Promise<{ readonly [P in K]?: T } & { readonly omitted?: readonly Extra[] }> {
  try {
    return { [name]: await read() } as { [P in K]: T };
  } catch (error) {
    logger.warn({ event: 'http.answer_shortened', omitted: name, error: loggableStack(error) });
    return { omitted: [name] } as { [P in K]?: T } & { omitted: Extra[] };
  }
}
