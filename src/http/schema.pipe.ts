import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type * as z from 'zod';
import { parseWith } from '../contract/problem.js';

/** Reads parameters and bodies by the contract's schemas. The framework's own pipe would cut "__proto__" out of payloads. */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema }: ArgumentMetadata): unknown {
    return schema === undefined ? value : parseWith(schema as z.ZodType, value);
  }
}
