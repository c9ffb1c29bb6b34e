import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import makeRouter from 'find-my-way';
import { Problem } from '../contract/problem.js';

/** All paths are looked for as if they had this verb. */
const ANY = 'GET';

/**
 * Answers what no endpoint takes, before a body is read. A wrong verb on a path that is there, told as an unknown path, would
 * send its caller looking for a slip in an address that is right. Paths are read as by the server's own router.
 */
export function answerOtherVerbs(fastify: FastifyInstance, options: FastifyServerOptions['routerOptions']): void {
  const router = makeRouter(options as Parameters<typeof makeRouter>[0]);
  const verbsOf = new Map<string, Set<string>>();
  fastify.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return; // of everything below a path: a file is looked for there
    const path = url.replace(/(?<=.)\/$/, '');
    const verbs = verbsOf.get(path) ?? new Set();
    if (!verbsOf.has(path)) router.on(ANY, path, () => undefined, verbs);
    verbsOf.set(path, verbs);
    for (const verb of [method].flat()) verbs.add(verb);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const [path] = request.raw.url!.split('?', 1);
    const verbs = router.find(ANY, path!)?.store as Set<string> | undefined;
    if (verbs === undefined) return done(Problem.of('no_such_endpoint', `there is no endpoint ${path}`));
    const allow = [...verbs].sort().join(', ');
    void reply.header('allow', allow);
    done(Problem.of('method_not_allowed', `${request.method} is not taken here; expected ${allow}`));
  });
}
