import { Button } from 'react-aria-components';
import { ApiProblem } from './api.js';
import { Text } from './text.js';

/** What a key lacks for a page is no fault that trying again mends. */
const FORBIDDEN = 403;

/** What went wrong, in the ledger's own words, and the way to ask again. */
export function Failed({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const isForbidden = error instanceof ApiProblem && error.status === FORBIDDEN;
  return (
    <div className="notice bad" role="alert">
      <p>
        <b>{isForbidden ? 'Not allowed: ' : ''}</b>
        <Text>{error.message}</Text>
      </p>
      {retry && !isForbidden && (
        <Button className="button" onPress={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Room for what is being read, of the height that it will have: nothing moves when it comes. */
export function Loading({ rows = 3 }: { readonly rows?: number }) {
  return (
    <div className="loading" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  );
}
