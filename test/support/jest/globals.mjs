/** What `@jest/globals` gives in a test: the runner puts it into the global scope, the package itself only names the types. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = globalThis;
