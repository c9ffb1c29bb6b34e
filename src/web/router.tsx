import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ApiProblem, queries } from './shared/api.js';
import { Failed } from './shared/failed.js';
import { parseSearch, stringifySearch, type Search } from './shared/search.js';
import { session } from './shared/session.js';
import { Shell } from './shell/shell.js';

const UNAUTHORIZED = 401;

const root = createRootRoute();

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ next }: Record<string, unknown>): { next?: string } => (typeof next === 'string' ? { next } : {}),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in.js')),
});

/** Every page but the sign-in: it wants somebody who is known, where there are keys. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: Shell,
  beforeLoad: async ({ location }) => {
    await queries.ensureQueryData(session).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === UNAUTHORIZED)
        throw redirect({ to: '/sign-in', search: { next: location.href } });
      // A ledger that cannot be reached is told by the page, which goes on when it is there again.
    });
  },
});

const page = <Path extends string>(path: Path, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({
    getParentRoute: () => app,
    path,
    component: lazyRouteComponent(load),
    /** Parameters of the address as they stand there; each page reads its own. */
    validateSearch: (search: Record<string, unknown>): Search => search as Search,
  });

const tree = root.addChildren([
  signIn,
  app.addChildren([
    page('/', () => import('./pages/overview/overview.js')),
    page('/executions', () => import('./pages/executions/executions.js')),
    page('/executions/$id', () => import('./pages/execution/execution.js')),
    page('/targets', () => import('./pages/targets/targets.js')),
    page('/projections', () => import('./pages/projections/projections.js')),
    page('/connect', () => import('./pages/connect/connect.js')),
  ]),
]);

function NoPage() {
  return (
    <div className="page">
      <h1>No such page</h1>
      <p>
        <a href="/">Go to the overview</a>
      </p>
    </div>
  );
}

export const router = createRouter({
  routeTree: tree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: NoPage,
  defaultErrorComponent: ({ error, reset }) => <Failed error={error as Error} retry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
