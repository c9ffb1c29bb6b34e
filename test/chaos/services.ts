import { setTimeout as pause } from 'node:timers/promises';
import { startProgram, type Program } from '../support/process/program.js';
import { STALE_AFTER_MS } from './check/execution.js';

/** How long a start may take, in milliseconds, with everything else that goes on; and between two tries. */
const START_WITHIN_MS = 60_000;
const AGAIN_MS = 200;

/** What would lead a service elsewhere, or shut its callers out; empty counts as unset. */
const OWN = [
  'EVENT_STORE',
  'EVENTSTOREDB_URL',
  'PROJECTOR',
  'BODY_LIMIT',
  'API_KEYS',
  'GITHUB_WEBHOOK_SECRET',
  'GITHUB_WEBHOOK_SECRET_PREVIOUS',
  'GITLAB_WEBHOOK_TOKEN',
  'GITLAB_WEBHOOK_TOKEN_PREVIOUS',
  'WEBHOOK_SECRETS',
];

/** A built service under a supervisor: whatever ends it, it is started again. */
export class Service {
  url = '';
  /** Its last words, where it ended without being killed after it had served. */
  readonly endedByItself: string[] = [];
  private program: Program | undefined;
  private stopping = false;

  constructor(
    readonly name: string,
    private readonly databaseUrl: string,
  ) {}

  /** Starts it, again and again where it will not: without its database a service says so and ends. @throws Error with its last words */
  async start(): Promise<void> {
    const env = {
      ...Object.fromEntries(OWN.map((name) => [name, ''])),
      DATABASE_URL: this.databaseUrl,
      LOG_LEVEL: 'error',
      RESUME_STALE_AFTER: `${STALE_AFTER_MS}ms`,
    };
    for (const until = Date.now() + START_WITHIN_MS; ; await pause(AGAIN_MS)) {
      const program = (this.program = startProgram(env, 'built'));
      try {
        this.url = await program.url;
        void program.end.then(({ code, said }) => this.ended(program, code, said));
        return;
      } catch (error) {
        if (this.stopping || Date.now() > until) throw error;
      }
    }
  }

  /** Kills it without a warning (-9); done when it is gone. */
  async kill(): Promise<void> {
    const { program } = this;
    this.program = undefined;
    program?.child.kill('SIGKILL');
    await program?.end;
  }

  /** An orderly end. */
  async stop(): Promise<void> {
    this.stopping = true;
    const { program } = this;
    this.program = undefined;
    program?.child.kill('SIGTERM');
    await program?.end;
  }

  private ended(program: Program, code: number | null, said: string): void {
    if (this.program !== program) return;
    this.endedByItself.push(`${this.name} ended with ${code}: ${said.slice(-2_000)}`);
    this.start().catch((error: unknown) => this.endedByItself.push(String(error)));
  }
}
