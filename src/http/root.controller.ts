import { createRequire } from 'node:module';
import { Controller, Get, VERSION_NEUTRAL } from '@nestjs/common';
import { whereToGo } from '../contract/root.js';
import { Needs } from './access.js';
import { Answers } from './openapi.js';

const { name, version } = createRequire(import.meta.url)('#package') as { name: string; version: string };

/** Where to go. */
const PLACES = {
  docs: '/docs',
  openapi: '/docs/openapi.json',
  health: '/health/ready',
  executions: '/api/v1/executions',
  stream: '/api/v1/stream',
} as const;

const ANSWER = { name, version, links: PLACES };

/** `GET /`: where to go, for a program that knows the address alone. A browser is shown the overview there (pages.ts). */
@Controller({ version: VERSION_NEUTRAL })
export class RootController {
  @Get('/')
  @Needs('public', { page: true })
  @Answers(whereToGo)
  root() {
    return ANSWER;
  }
}
