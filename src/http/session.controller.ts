import { Body, Controller, Delete, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { SCOPES, type ApiKey } from '../api-keys/api-key.js';
import { KeyRing } from '../api-keys/key-ring.js';
import { Sessions, type Session } from '../api-keys/sessions.js';
import { ANONYMOUS } from '../caller.js';
import { session, signIn, type SessionView, type SignIn } from '../contract/session.js';
import { knownKey, Needs, type WithActor } from './access.js';
import { Metrics } from './metrics.js';
import { Answers } from './openapi.js';
import { Http, type HttpCall } from './parameters.js';
import { setToken } from './session-cookie.js';

function sessionView({ name, scopes, ids }: ApiKey, { expiresAt }: Partial<Session> = {}): SessionView {
  return {
    name,
    scopes: [...scopes],
    ...(ids !== undefined && { ids: `${ids}*` }),
    ...(expiresAt !== undefined && { expires_at: new Date(expiresAt * 1_000).toISOString() }),
  };
}

/** Where there are no keys whoever is on this machine may do everything. */
const EVERYBODY: SessionView = { name: ANONYMOUS, scopes: [...SCOPES] };

/** Signs people in and out who use a browser: a key in exchange for a cookie (docs/sharing.md, Signing in). */
@Controller('session')
export class SessionController {
  constructor(
    private readonly keys: KeyRing,
    private readonly sessions: Sessions,
    private readonly metrics: Metrics,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('public', { reach: 'nothing', signsIn: true })
  @Answers(session, 400, 401, 413, 429)
  signIn(@Body({ schema: signIn }) { key }: SignIn, @Http() { request, reply }: HttpCall): SessionView {
    if (this.keys.isEmpty) return EVERYBODY;
    const opened = this.sessions.open(knownKey(request, key, this.keys, this.metrics.denials));
    setToken(request, reply, opened.token);
    return sessionView(opened.key, opened);
  }

  @Get()
  @Needs('any', { reach: 'nothing' })
  @Answers(session, 401)
  show(@Req() { apiKey, session: known }: WithActor): SessionView {
    return apiKey ? sessionView(apiKey, known) : EVERYBODY;
  }

  @Delete()
  @HttpCode(204)
  @Needs('public', { reach: 'nothing' })
  @ApiResponse({ status: 204, description: 'The browser forgets the session' })
  signOut(@Http() { request, reply }: HttpCall): void {
    setToken(request, reply, undefined);
  }
}
