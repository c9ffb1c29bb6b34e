/** As global-setup.mjs. */
export default async () => (await import('../store/global-teardown.ts')).default();
