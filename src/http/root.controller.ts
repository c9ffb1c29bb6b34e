import { createRequire } from 'node:module';
import { Controller, Get, Req, Res, VERSION_NEUTRAL } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { whereToGo } from '../contract/root.js';
import { Needs, type WithActor } from './access.js';
import { header } from './header.js';
import { Answers } from './openapi.js';

const { name, version } = createRequire(import.meta.url)('#package') as { name: string; version: string };

/** Where to go, and what is there. */
const PLACES = {
  docs: ['/docs', 'The API, to read and to try'],
  openapi: ['/docs/openapi.json', 'The same as OpenAPI, for programs'],
  health: ['/health/ready', 'Whether the ledger is ready'],
  executions: ['/api/v1/executions', 'The executions, the newest first'],
  stream: ['/api/v1/stream', 'Changes as they happen, as server-sent events'],
} as const;

const ANSWER = {
  name,
  version,
  links: Object.fromEntries(Object.entries(PLACES).map(([place, [path]]) => [place, path])),
};

const ITEMS = Object.values(PLACES).map(([path, what]) => `<li><a href="${path}">${path}</a> ${what}</li>`);
/** Without scripts: the page shows the same to everybody. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Execution ledger</title>
<style>
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark }
a { font-family: ui-monospace, monospace }
</style>
<h1>Execution ledger</h1>
<p>What happened to every workflow, agent run, job and task. Version ${version}.</p>
<ul>
${ITEMS.join('\n')}
</ul>
<p>Where the ledger has API keys, the last two want one: send it as <code>Authorization: Bearer …</code>.</p>
</html>
`;

/** `GET /`: where to go, for whoever knows the address alone. */
@Controller({ version: VERSION_NEUTRAL })
export class RootController {
  @Get('/')
  @Needs('public')
  @Answers(whereToGo)
  root(@Req() request: WithActor, @Res({ passthrough: true }) reply: FastifyReply) {
    if (!header(request, 'accept')?.includes('text/html')) return ANSWER;
    void reply.header('content-type', 'text/html; charset=utf-8');
    return PAGE;
  }
}
