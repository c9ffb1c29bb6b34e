import { HelpButton } from './help.js';
import { SignedIn, ThemeSwitch, ZoneSwitch } from './you.js';

/** Below the names of the pages: who is signed in, and how times and colours are shown. */
export function Footer() {
  return (
    <footer>
      <SignedIn />
      <span>
        <ZoneSwitch />
        {' · '}
        <ThemeSwitch />
        {' · '}
        <HelpButton />
      </span>
    </footer>
  );
}
