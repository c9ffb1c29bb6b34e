import { useNavigate } from '@tanstack/react-router';
import { Button } from 'react-aria-components';
import { client, queries } from '../shared/api.js';
import { prefer, usePreferences, type Theme } from '../shared/preferences.js';
import { HelpButton } from './help.js';

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

/** Who is signed in, and how times and colours are shown. */
export function Footer({ name, isSession }: { readonly name: string | undefined; readonly isSession: boolean }) {
  const { zone, theme } = usePreferences();
  const navigate = useNavigate();
  const signOut = async (): Promise<void> => {
    await client.DELETE('/api/v1/session');
    queries.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <footer>
      {name !== undefined && <span>{isSession ? `signed in as ${name}` : 'no keys: open on this machine'}</span>}
      {isSession && (
        <Button className="link" onPress={() => void signOut()}>
          Sign out
        </Button>
      )}
      <span>
        <Button
          className="link"
          aria-label={`Time zone: ${zone === 'utc' ? 'UTC' : 'local time'}`}
          onPress={() => prefer({ zone: zone === 'utc' ? 'local' : 'utc' })}
        >
          {zone === 'utc' ? 'UTC' : 'local time'}
        </Button>
        {' · '}
        <Button
          className="link"
          aria-label={`Theme: ${theme} theme`}
          onPress={() => prefer({ theme: NEXT_THEME[theme] })}
        >
          {theme} theme
        </Button>
        {' · '}
        <HelpButton />
      </span>
    </footer>
  );
}
