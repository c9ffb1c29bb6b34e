import { command, register, report } from './requests.js';
import { errorOf, opening, then, work, type Scene, type Story } from './story.js';
import * as trouble from './trouble.js';
import { identityOf, inputOf, prose, resultOf, targetOf, TARGETS } from './world.js';

/** Most work: it ends well, or fails of what its target fails of. */
function* plain(scene: Scene): Story {
  const target = scene.chance.of(TARGETS);
  const id = scene.id(target.target.split(/\W/)[0]!);
  yield* work(target, scene, id, opening(target, scene));
  const fails = scene.chance.happens(target.failing * 2);
  yield then(
    0,
    fails
      ? report(id, 'failed', { error: errorOf(target, scene) })
      : report(id, 'succeeded', { result: resultOf(target, scene.chance) }),
  );
}

/** An agent that hands parts of its task to others, and waits for them. */
function* agent(scene: Scene): Story {
  const { chance, seconds } = scene;
  const target = targetOf('agents.summarise');
  const id = scene.id('agent');
  yield then(
    0,
    register({ execution_id: id, run_id: id, ...identityOf(target, chance), input: inputOf(target, chance) }),
  );
  yield then(seconds(0.5), command(id, 'dispatch'));
  yield then(seconds(0.5), report(id, 'running', { message: 'planning' }));
  const tools = ['search', 'read', 'draft', 'check'].slice(0, chance.whole(2, 4));
  for (const [n, tool] of tools.entries()) {
    const child = `${id}.${tool}-${n + 1}`;
    const more = { parent_execution_id: id, run_id: id, target: `tools.${tool}`, kind: 'tool' };
    yield* work(targetOf('mail.send'), scene, child, { ...opening(target, scene), ...more });
    yield then(
      0,
      report(child, chance.happens(0.1) ? 'failed' : 'succeeded', { result: { found: prose(chance, 200) } }),
    );
    yield then(
      0,
      report(id, undefined, { progress: Math.round((90 * (n + 1)) / tools.length), message: `${tool} is done` }),
    );
  }
  yield then(seconds(1), report(id, 'succeeded', { result: resultOf(target, chance) }));
}

/** A pipeline as GitHub numbers it: a run with its jobs. */
function* pipeline(scene: Scene): Story {
  const { chance, seconds } = scene;
  const target = targetOf('acme/checkout');
  const id = `github-run-${scene.number}.1`;
  const labels = { branch: chance.of(['main', 'fix/vat', 'feat/wallet']), event: 'push' };
  yield then(0, report(id, 'queued', { ...opening(target, scene), labels }));
  yield then(seconds(1), report(id, 'in_progress'));
  for (const [n, job] of ['lint', 'test', 'build'].entries()) {
    const name = `github-job-${scene.number}${n}`;
    yield* work(targetOf('mail.send'), scene, name, {
      ...opening(target, scene),
      parent_execution_id: id,
      target: `acme/checkout: ${job}`,
      kind: 'job',
    });
    if (job === 'test' && chance.happens(0.3)) {
      const error = errorOf(target, scene);
      yield then(0, report(name, 'failed', { error }));
      yield then(seconds(0.5), report(id, 'failed', { error: `job ${job} failed: ${error}` }));
      return;
    }
    yield then(0, report(name, 'success'));
  }
  yield then(seconds(0.5), report(id, 'success'));
}

/** A scheduler that counts its own tries. */
function* retries(scene: Scene): Story {
  const { chance, seconds } = scene;
  const target = targetOf('etl.orders');
  const id = scene.id('etl');
  const tries = chance.whole(2, 3);
  for (let attempt = 1; attempt <= tries; attempt++) {
    yield then(0, report(id, 'running', { ...(attempt === 1 && opening(target, scene)), attempt }));
    yield then(seconds(chance.around(4)));
    if (attempt < tries) yield then(0, report(id, 'failed', { attempt, error: errorOf(target, scene) }));
    yield then(seconds(2));
  }
  yield then(0, report(id, 'succeeded', { attempt: tries, result: resultOf(target, chance) }));
}

/** All kinds of stories, each with how many of it are in a deck. */
export const STORIES: readonly (readonly [story: (scene: Scene) => Story, often: number])[] = [
  [plain, 12],
  [agent, 4],
  [pipeline, 3],
  [retries, 3],
  [trouble.race, 1],
  [trouble.late, 2],
  [trouble.zombie, 1],
  [trouble.cancelled, 2],
  [trouble.approval, 2],
  [trouble.overdue, 1],
  [trouble.silent, 1],
  [trouble.doubtful, 1],
];
