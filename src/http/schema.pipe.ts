import { StandardSchemaValidationPipe } from '@nestjs/common';
import { invalidBy } from '../contract/problem.js';

/** Reads parameters and bodies by the contract's schemas. */
export class SchemaPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => invalidBy({ issues: issues as Parameters<typeof invalidBy>[0]['issues'] }) });
  }

  // A payload may have any key: cutting "__proto__" out of it would lose what a producer said.
  protected override stripProtoKeys(): void {}
}
