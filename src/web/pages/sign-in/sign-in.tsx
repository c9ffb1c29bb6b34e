import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { answered, client, queries } from '../../shared/api.js';
import { Failed } from '../../shared/failed.js';
import { reconnect } from '../../shared/live.js';
import './sign-in.css';

/** Whether an address is a path of the ledger itself: whoever signs in is not sent to where a link from elsewhere says. */
const isOwnPath = (address: string | undefined): address is string => /^\/(?![/\\])/.test(address ?? '');

/** A key in exchange for a session of twelve hours; the key itself is not kept by the browser. */
export default function SignIn() {
  const { next } = useSearch({ from: '/sign-in' });
  const [key, setKey] = useState('');
  const navigate = useNavigate();
  const signIn = useMutation({
    mutationFn: () => answered(client.POST('/api/v1/session', { body: { key } })),
    onSuccess: async () => {
      queries.clear();
      reconnect();
      await navigate({ href: isOwnPath(next) ? next : '/' });
    },
  });
  return (
    <main className="sign-in">
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <h1>Execution ledger</h1>
        <label className="labelled">
          API key
          <input
            className="field"
            type="password"
            autoComplete="current-password"
            autoFocus
            required
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
        </label>
        {signIn.isError && <Failed error={signIn.error} />}
        <button className="button main" disabled={signIn.isPending}>
          Sign in
        </button>
        <p className="small">
          Whoever runs the ledger makes a key with <code>execution-ledger keys new NAME --scopes read+command</code>.
          You stay signed in for 12 hours, with the rights of the key.
        </p>
      </form>
    </main>
  );
}
