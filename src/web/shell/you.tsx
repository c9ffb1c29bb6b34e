import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'react-aria-components';
import { client, queries } from '../shared/api.js';
import { prefer, usePreferences, type Theme } from '../shared/preferences.js';
import { session } from '../shared/session.js';

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

/** Who is signed in, and the way out where there is one. */
export function SignedIn() {
  const { data: known } = useQuery(session);
  const navigate = useNavigate();
  const signOut = async (): Promise<void> => {
    await client.DELETE('/api/v1/session');
    queries.clear();
    await navigate({ to: '/sign-in' });
  };
  if (known === undefined) return null;
  if (known.expires_at === undefined) return <span>no keys: open on this machine</span>;
  return (
    <>
      <span>signed in as {known.name}</span>
      <Button className="link" onPress={() => void signOut()}>
        Sign out
      </Button>
    </>
  );
}

/** How times are shown: by the clock of whoever reads, or by UTC. */
export function ZoneSwitch() {
  const { zone } = usePreferences();
  const name = zone === 'utc' ? 'UTC' : 'local time';
  return (
    <Button
      className="link"
      aria-label={`Time zone: ${name}`}
      onPress={() => prefer({ zone: zone === 'utc' ? 'local' : 'utc' })}
    >
      {name}
    </Button>
  );
}

/** Light, dark, or as the system has it. */
export function ThemeSwitch() {
  const { theme } = usePreferences();
  return (
    <Button className="link" aria-label={`Theme: ${theme} theme`} onPress={() => prefer({ theme: NEXT_THEME[theme] })}>
      {theme} theme
    </Button>
  );
}
