import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The folder of the pages in the build; the ledger serves what lies there (src/http/pages.ts). */
const OUT = fileURLToPath(new URL('../../dist/pages', import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: OUT,
    emptyOutDir: true,
    // The policy of the pages forbids pictures and fonts that stand in a style sheet as text.
    assetsInlineLimit: 0,
    // The libraries are part of these files; their licences ask to be told beside them.
    license: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // "use client" is for servers that render; there are some fifty, and a warning each would hide one that matters.
      onLog: (level, log, report) => void (log.code === 'MODULE_LEVEL_DIRECTIVE' || report(level, log)),
    },
  },
  // `npx vite src/web` shows the pages as they are edited, over a ledger that runs.
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/docs': 'http://127.0.0.1:8080' } },
});
