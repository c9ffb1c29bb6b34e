import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './router.js';
import { queries, whenUnauthorized } from './shared/api.js';
import { onReturn } from './shared/live.js';
import { apply } from './shared/preferences.js';
import { session } from './shared/session.js';
import './styles/tokens.css';
import './styles/base.css';

apply();
onReturn(() => void queries.invalidateQueries());
whenUnauthorized(() => {
  queries.removeQueries(session);
  void router.invalidate();
});

// The ledger was upgraded under an open page, and the part that it now wants is gone: the page of today has it.
const RELOADED = 'ledger.reloaded';
addEventListener('vite:preloadError', () => {
  // Once, and where the ledger answers: else the browser's own error would stand there, or the page be loaded for ever.
  if (sessionStorage.getItem(RELOADED) === document.title) return;
  void fetch('/health/live').then(() => {
    sessionStorage.setItem(RELOADED, document.title);
    location.reload();
  });
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
