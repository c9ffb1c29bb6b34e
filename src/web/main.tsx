import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './router.js';
import { queries, whenUnauthorized } from './shared/api.js';
import { apply } from './shared/preferences.js';
import { session } from './shared/session.js';
import './styles/tokens.css';
import './styles/base.css';

apply();
whenUnauthorized(() => {
  queries.removeQueries(session);
  void router.invalidate();
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
