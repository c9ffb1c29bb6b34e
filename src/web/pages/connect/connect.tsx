import { useNavigate, useSearch } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { CopyButton } from '../../shared/copy-button.js';
import { useChanges } from '../../shared/live.js';
import { randomId } from '../../shared/random-id.js';
import { session } from '../../shared/session.js';
import { StatusMark, type Status } from '../../shared/status.js';
import { SNIPPETS, whyNoKey, type Place, type Snippet } from './snippets.js';
import './connect.css';

/** An id that nobody else reports under: so that what arrives is what was pasted. */
const newId = (): string => `hello-${randomId().slice(0, 8)}`;

/** The first report in two minutes: what to paste, and its arrival. */
export default function Connect() {
  const navigate = useNavigate({ from: '/connect' });
  const { by } = useSearch({ from: '/app/connect' });
  const { data: known } = useQuery(session);
  const [key, setKey] = useState('');
  const [id] = useState(newId);
  const [arrived, setArrived] = useState<Status>();
  useChanges((changed) => setArrived((before) => changed.findLast((one) => one.execution_id === id)?.status ?? before));
  const chosen = SNIPPETS.find(({ name }) => name === by) ?? SNIPPETS[0]!;
  const fault = whyNoKey(key);
  const place: Place = {
    url: location.origin,
    key: known?.expires_at === undefined ? '' : fault === undefined && key !== '' ? key : 'YOUR-KEY',
    id,
  };
  return (
    <div className="page">
      <div>
        <h1>Connect</h1>
        <p className="small">
          Paste one of these where your work runs. The ledger starts nothing: it records what it is told.
        </p>
      </div>
      {known?.expires_at !== undefined && (
        <label className="labelled connect-key">
          A key with the scope report, to fill in below; it stays in this page
          <input
            className="field"
            type="password"
            autoComplete="off"
            value={key}
            onChange={({ target }) => setKey(target.value.trim())}
          />
          {fault !== undefined && <span role="alert">{fault}</span>}
        </label>
      )}
      <div className="connect">
        <nav aria-label="Ways to report">
          {SNIPPETS.map(({ name }) => (
            <Link
              key={name}
              to="."
              search={{ by: name }}
              replace
              aria-current={name === chosen.name ? 'true' : undefined}
            >
              {name}
            </Link>
          ))}
        </nav>
        <SnippetView snippet={chosen} place={place} />
      </div>
      {chosen.reportsId && (
        <section className="sheet">
          <h2>Its first report</h2>
          <div className="body row wide" role="status">
            {arrived === undefined ? (
              <span className="small">
                waiting for <code>{id}</code> …
              </span>
            ) : (
              <>
                <span>
                  It has arrived: <code>{id}</code> is <StatusMark status={arrived} />
                </span>
                <Button
                  className="button main"
                  onPress={() => void navigate({ to: '/executions/$id', params: { id }, search: {} })}
                >
                  Look at it
                </Button>
              </>
            )}
          </div>
        </section>
      )}
    </div>
  );
}

function SnippetView({ snippet, place }: { readonly snippet: Snippet; readonly place: Place }) {
  const text = snippet.text(place);
  return (
    <section className="sheet" aria-label={snippet.name}>
      <div className="head row wide">
        <h2>{snippet.name}</h2>
        <CopyButton key={snippet.name} label="Copy" text={() => text} />
      </div>
      <p className="connect-about small">{snippet.about}</p>
      <pre tabIndex={0} aria-label={`${snippet.name}, to paste`} role="region">
        {text}
      </pre>
      <p className="connect-about small">
        The whole of it: <code>{snippet.page}</code>
      </p>
    </section>
  );
}
