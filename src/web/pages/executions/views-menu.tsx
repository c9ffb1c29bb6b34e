import { Link, useLocation, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { Search } from '../../shared/search.js';
import { Text } from '../../shared/text.js';
import { useViews } from './views.js';

const MOST_NAME = 60;

/** Views that have a name: each is a link, and nothing but its name is kept. */
export function ViewsMenu() {
  return (
    <DialogTrigger>
      <Button className="button">Views</Button>
      <Popover className="popover" placement="bottom end">
        <Dialog aria-label="Views" className="executions-menu">
          {({ close }) => <ViewsShown close={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function ViewsShown({ close }: { readonly close: () => void }) {
  const { views, isKept, save, remove } = useViews();
  const [name, setName] = useState('');
  const search = useLocation({ select: ({ searchStr }) => searchStr });
  const parse = useRouter().options.parseSearch;
  return (
    <>
      {views.length > 0 && (
        <ul>
          {views.map((view) => (
            <li key={view.name}>
              <Link to="/executions" search={parse(view.search) as Search} onClick={close}>
                <Text most={MOST_NAME}>{view.name}</Text>
              </Link>
              <Button className="button quiet" aria-label={`Remove the view ${view.name}`} onPress={() => remove(view)}>
                ×
              </Button>
            </li>
          ))}
        </ul>
      )}
      <form
        className="executions-editor"
        onSubmit={(event) => {
          event.preventDefault();
          save({ name: name.trim(), search });
          setName('');
        }}
      >
        <label className="labelled">
          Save what is shown as
          <input
            className="field"
            required
            pattern=".*\S.*"
            maxLength={MOST_NAME}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <button className="button main">Save</button>
      </form>
      <p className="small">
        A view is the address of the page: filters, order and columns. Who is sent the address sees the same; the names
        are kept by this browser alone.
      </p>
      {!isKept && <p className="notice bad">This browser keeps nothing: the names are gone with the page.</p>}
    </>
  );
}
