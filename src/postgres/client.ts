import pg from 'pg';

/** What the driver keeps to itself: how it answers a server that asks for the password. */
interface PasswordAnswers {
  _attachListeners(connection: NodeJS.EventEmitter): void;
  _handleAuthCleartextPassword(message: unknown): void;
  _handleAuthMD5Password(message: unknown): void;
  readonly connection: NodeJS.EventEmitter & { readonly stream: { readonly authorized?: boolean; destroy(): void } };
}

/** As libpq calls it: of a server that nobody has to prove, so that any that lets us in would do. */
const SCRAM_ALONE = 'require_auth=scram-sha-256';
const DISCLOSING = ['_handleAuthCleartextPassword', '_handleAuthMD5Password'] as const;

const hint =
  "have it take SCRAM (scram-sha-256 in its pg_hba.conf, and the role's password set anew), or prove who it is by TLS (sslmode=verify-full)";

/**
 * A client of the driver's that gives its password away to nobody: by SCRAM a server learns nothing that it does not know
 * already. To whom asks for the password, or for a hash of it that is as good, it is told only where TLS has proved who that is.
 */
export class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connectionString = '' } = typeof config === 'object' ? config : { connectionString: config };
    const [driver, scramAlone] = [this as unknown as PasswordAnswers, connectionString.includes(SCRAM_ALONE)];
    const refuse = (why: string): void => {
      driver.connection.emit('error', new Error(`${why}: ${hint}`)); // at once: what else it sent may say that it is ready
      driver.connection.stream.destroy();
    };
    for (const name of DISCLOSING) {
      const answer = driver[name].bind(driver);
      driver[name] = (message) => {
        if (driver.connection.stream.authorized === true && !scramAlone) answer(message);
        else refuse('The server asks for the password itself, and nothing proves whose it is');
      };
    }
    const attach = driver._attachListeners.bind(driver);
    driver._attachListeners = (connection) => {
      attach(connection);
      let proved = false;
      connection.on('authenticationSASLFinal', () => (proved = true));
      connection.on('authenticationOk', () => {
        if (scramAlone && !proved) refuse('The server lets everybody in, and nothing proves whose it is');
      });
    };
  }
}

/** The address with the demand that its server proves by SCRAM that it knows the password. */
export const byScramAlone = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}${SCRAM_ALONE}`;
