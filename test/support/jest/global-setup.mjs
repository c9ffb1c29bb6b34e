/** Jest requires this file, which no module hook sees: TypeScript is imported. */
export default async () => (await import('../store/server.ts')).default();
