import { Link, Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { Loading } from '../shared/failed.js';
import { AsOf } from './as-of.js';
import { Footer } from './footer.js';
import { Jump } from './jump.js';
import { PhoneMenu } from './phone-menu.js';
import { Waiting } from './waiting.js';
import './shell.css';

const PAGES = [
  ['/', 'Overview'],
  ['/executions', 'Executions'],
  ['/targets', 'Targets'],
  ['/projections', 'Projections'],
  ['/connect', 'Connect'],
] as const;

/** What stands around every page: where one is, where one can go, how true it is. */
export function Shell() {
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <nav aria-label="Pages">
        <Link to="/" className="brand">
          <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
            <path d="M3 2v14M3 4h9M3 9h12M3 14h6" stroke="currentColor" strokeWidth="2" fill="none" />
          </svg>
          Ledger
        </Link>
        {PAGES.map(([to, name]) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            activeProps={{ className: 'on' }}
          >
            {name}
            {to === '/' && <Waiting />}
          </Link>
        ))}
        <Footer />
      </nav>
      <div className="content">
        <header>
          <Jump />
          <AsOf />
          <PhoneMenu />
        </header>
        <main id="main" tabIndex={-1}>
          <Suspense fallback={<Loading rows={8} />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  );
}
