/** Jest's globalTeardown: stops the run's server (see server.ts). */
export default async function globalTeardown(): Promise<void> {
  await globalThis.ledgerTestServer?.stop();
}
