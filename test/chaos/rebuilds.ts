import { setTimeout as pause } from 'node:timers/promises';
import { PROJECTIONS } from '../../projections/index.js';
import type { ProjectionView, RebuildView } from '../../src/contract/projections.js';
import { caller } from '../support/ledger/caller.js';
import type { Find } from './check/finding.js';

const PATIENCE_MS = 5_000;
const LOOK_MS = 50;
/** How long a rebuild is made to take, in seconds: with the few events there are it would be over before anybody is killed. */
const SECONDS = 4;
/** How long it is waited for somebody to take it on, in milliseconds. */
const BEGUN_WITHIN_MS = 3_000;

const UNDER_WAY = ['running', 'verifying'];

async function look(url: string, name: string): Promise<ProjectionView | undefined> {
  const answer = await caller(url, PATIENCE_MS)('GET', `/projections/${name}`).catch(() => undefined);
  return answer?.status === 200 ? (answer.body as ProjectionView) : undefined;
}

/** Rebuilds that are asked for, to be killed in the middle. */
export class Rebuilds {
  asked = 0;
  /** Under way, with somebody at it, when something was killed. */
  interrupted = 0;
  /** Read models that stand in a rebuilt table in the end. */
  swapped = 0;

  /** Asks for one, and waits until somebody is at it; whether somebody is. */
  async begin(url: string, name: string): Promise<boolean> {
    const head = Number((await look(url, name))?.head ?? 0);
    const body = { events_per_second: Math.max(100, Math.ceil(head / SECONDS)) };
    const call = caller(url, PATIENCE_MS);
    const answer = await call('POST', `/projections/${name}/rebuild`, body).catch(() => undefined);
    if (answer?.status === 202) this.asked++;
    for (const until = Date.now() + BEGUN_WITHIN_MS; Date.now() < until; await pause(LOOK_MS)) {
      const { rebuild } = (await look(url, name)) ?? {};
      if (rebuild?.by && UNDER_WAY.includes(rebuild.state)) return true;
      if (rebuild && !UNDER_WAY.includes(rebuild.state)) return false; // over already
    }
    return false;
  }

  /** Waits until each has come to its end, as it must whoever was killed meanwhile. */
  async finish(url: string, withinMs: number, find: Find): Promise<void> {
    const until = Date.now() + withinMs;
    for (const { name } of PROJECTIONS) {
      let rebuild: RebuildView | undefined;
      do {
        const view = await look(url, name);
        if (view) rebuild = view.rebuild;
        if (view && !(rebuild && UNDER_WAY.includes(rebuild.state))) break;
        await pause(LOOK_MS);
      } while (Date.now() < until);
      if (rebuild?.state === 'swapped') this.swapped++;
      else if (rebuild) find('rebuild', name, `${rebuild.state}: ${rebuild.error ?? JSON.stringify(rebuild)}`);
      if ((rebuild?.drift?.rows ?? 0) > 0) find('table', name, JSON.stringify(rebuild!.drift));
    }
  }
}
