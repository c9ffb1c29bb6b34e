/**
 * What the programs of the database, and those asked about the system, are given of our environment. All else is none of
 * theirs: keys and secrets, which a process shows to its user, and `PG…`, which would redirect them to another folder or port.
 */
const PASSED_ON = [
  ...['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'],
  // How a container gives a user a name that its image has not.
  ...['LD_PRELOAD', 'NSS_WRAPPER_PASSWD', 'NSS_WRAPPER_GROUP'],
  ...['SystemRoot', 'ComSpec', 'PATHEXT'],
] as const;

/** The environment of every program that is started. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const kept = PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * Takes `PG…` variables out of our own environment: they were set for another database, and the driver would mix them with
 * the address of this one (TLS that it does not speak, options that it refuses, another session for the asking).
 */
export function dropForeignSettings(): void {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]/.test(name)) delete process.env[name];
}
