import { register } from 'node:module';

/** `node --import` this to run TypeScript. */
register('./typescript-hooks.mjs', import.meta.url);
