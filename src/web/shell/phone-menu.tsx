import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { SignedIn, ThemeSwitch, ZoneSwitch } from './you.js';

/** What the footer has, for a phone, whose row of pages leaves no room for it. */
export function PhoneMenu() {
  return (
    <DialogTrigger>
      <Button className="button quiet phone-menu" aria-label="You and how you read">
        ⋯
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog aria-label="You and how you read" className="phone-choices">
          <SignedIn />
          <ZoneSwitch />
          <ThemeSwitch />
          <a href="/docs">The API, to read and to try</a>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
