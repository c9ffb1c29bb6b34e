import { useQuery } from '@tanstack/react-query';
import { countOf, inbox } from '../shared/inbox.js';

/** How much needs a person, beside the page that tells what. */
export function Waiting() {
  const { data } = useQuery(inbox);
  if (!data?.items.some(({ count }) => count > 0)) return null;
  return (
    <span className="waiting-count">
      <span className="only-read-aloud">, need a person: </span>
      {countOf(data.items)}
    </span>
  );
}
