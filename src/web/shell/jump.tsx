import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { answered, client } from '../shared/api.js';
import { useKeys } from '../shared/keys.js';

const NOT_FOUND = 'not_found';

/** Goes to an execution by its id, or lists what begins so. `/` comes here from anywhere. */
export function Jump() {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useKeys({
    '/': (event) => {
      event.preventDefault();
      field.current?.focus();
    },
  });
  const go = async (q: string): Promise<void> => {
    const isId = await answered(client.POST('/api/v1/executions/batch-status', { body: { execution_ids: [q] } }))
      // What can be no id is the beginning of one, or of nothing: the list says so.
      .then(
        (found) => found[q] !== undefined && found[q].status !== NOT_FOUND,
        () => false,
      );
    await navigate(isId ? { to: '/executions/$id', params: { id: q } } : { to: '/executions', search: { q } });
  };
  return (
    <form
      className="jump"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const q = text.trim();
        if (q !== '') void go(q);
      }}
    >
      <kbd aria-hidden="true">/</kbd>
      <input
        ref={field}
        type="search"
        aria-label="Jump to executions whose id, run or workflow begins with"
        placeholder="Jump to an id, a run or a workflow …"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key, currentTarget }) => {
          if (key !== 'Escape') return;
          setText('');
          currentTarget.blur();
        }}
      />
    </form>
  );
}
