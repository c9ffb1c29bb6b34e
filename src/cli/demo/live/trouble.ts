import { command, register, report, strictly } from './requests.js';
import { errorOf, opening, person, then, work, type Scene, type Story } from './story.js';
import { identityOf, PEOPLE, REASONS, resultOf, targetOf, TARGETS } from './world.js';

/** Two workers took the same task and say otherwise at the same moment; later two people resume at once. */
export function* race(scene: Scene): Story {
  const { seconds } = scene;
  const target = targetOf('search.reindex');
  const id = scene.id('reindex');
  yield* work(target, scene, id, opening(target, scene));
  yield then(
    0,
    strictly(id, 'failed', { worker: 'worker-3', error: errorOf(target, scene) }),
    strictly(id, 'timeout', { worker: 'worker-7', error: 'lost the lease after 30 s' }),
  );
  const [one, other] = PEOPLE;
  const resumed = yield then(
    seconds(3),
    command(id, 'resume', { reason: 'the database is back' }, one),
    command(id, 'resume', { reason: 'second try' }, other),
  );
  if (!resumed.some(({ applied }) => applied)) return;
  yield* work(target, scene, `${id}~2`, { worker: 'worker-5' });
  yield then(0, report(`${id}~2`, 'succeeded', { result: resultOf(target, scene.chance) }));
}

/** Words that come after the end: they change nothing, and are kept. */
export function* late(scene: Scene): Story {
  const { chance, seconds } = scene;
  const target = targetOf('mail.send');
  const id = scene.id('mail');
  yield* work(target, scene, id, opening(target, scene));
  yield then(0, report(id, 'succeeded', { result: resultOf(target, chance) }));
  yield then(seconds(1), report(id, 'running', { message: 'sending' }));
  yield then(seconds(1), report(id, undefined, { progress: 80 }));
}

/** A worker that was given up still works, while another one has taken over. */
export function* zombie(scene: Scene): Story {
  const { chance, seconds } = scene;
  const target = targetOf('etl.orders');
  const id = scene.id('etl');
  yield* work(target, scene, id, opening(target, scene));
  yield then(0, report(id, 'timeout', { inferred: true, error: `no sign of life for ${chance.whole(60, 90)} s` }));
  yield then(seconds(2), command(id, 'resume', { reason: 'the machine was rebooted' }, person(scene)));
  yield then(seconds(1), report(`${id}~2`, 'running', { worker: 'worker-9' }));
  for (const progress of [70, 90])
    yield then(seconds(2), report(`${id}~1`, 'running', { progress, worker: 'worker-2' }));
  yield then(seconds(1), report(`${id}~1`, 'succeeded', { result: resultOf(target, chance), worker: 'worker-2' }));
  if (chance.happens(0.6)) yield then(90_000, report(`${id}~2`, 'succeeded', { result: resultOf(target, chance) }));
}

/** Somebody stops it, and says why; its worker notices too late. */
export function* cancelled(scene: Scene): Story {
  const { chance, seconds } = scene;
  const target = chance.of(TARGETS);
  const id = scene.id('job');
  yield then(0, report(id, 'running', opening(target, scene)));
  yield then(seconds(3), report(id, undefined, { progress: 20 }));
  yield then(seconds(1), command(id, 'cancel', { reason: chance.of(REASONS) }, person(scene)));
  yield then(seconds(2), report(id, 'succeeded', { result: resultOf(target, chance) }));
}

/** It needs a yes. Some get it, some a no, and some wait. */
export function* approval(scene: Scene): Story {
  const { chance, seconds } = scene;
  const target = targetOf('agents.summarise');
  const id = scene.id('refund');
  yield* work(target, scene, id, { ...opening(target, scene), workflow_id: 'refunds' });
  yield then(0, report(id, 'waiting', { message: `refund of ${chance.whole(20, 400)} € needs a yes` }));
  if (chance.happens(0.4)) return;
  yield then(40_000);
  if (chance.happens(0.3)) {
    yield then(0, command(id, 'cancel', { reason: 'not within the terms' }, person(scene)));
    return;
  }
  yield then(0, report(id, 'running', { message: `approved by ${person(scene)}` }));
  yield then(seconds(3), report(id, 'succeeded', { result: { refunded: true } }));
}

/** It waits, and its deadline passes. */
export function* overdue(scene: Scene): Story {
  const { seconds } = scene;
  const target = targetOf('acme/checkout');
  const id = scene.id('release');
  const deadline = new Date(Date.now() + seconds(20)).toISOString();
  yield then(0, register({ execution_id: id, ...identityOf(target, scene.chance), workflow_id: 'release', deadline }));
  yield then(0, report(id, 'waiting', { message: 'two approvals are missing' }));
  yield then(150_000, command(id, 'cancel', { reason: 'the window has closed' }, person(scene)));
}

/** Its worker was never heard of again. */
export function* silent(scene: Scene): Story {
  const target = targetOf('etl.orders');
  yield then(0, report(scene.id('etl'), 'running', { ...opening(target, scene), message: 'opening the files' }));
}

/** A success beside an error, and one that its own worker takes back. */
export function* doubtful(scene: Scene): Story {
  const { chance, seconds } = scene;
  const target = targetOf('etl.orders');
  const id = scene.id('etl');
  yield* work(target, scene, id, opening(target, scene));
  if (chance.happens(0.5)) {
    yield then(0, report(id, 'completed', { error: '3 of 1,200 rows were skipped', result: resultOf(target, chance) }));
    return;
  }
  yield then(0, report(id, 'succeeded', { result: resultOf(target, chance) }));
  yield then(seconds(2), report(id, 'failed', { error: errorOf(target, scene) }));
}
