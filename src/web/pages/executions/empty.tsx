import { Link } from '@tanstack/react-router';
import { Button } from 'react-aria-components';

/** A list without executions, and what leads out of it. */
export function Empty({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  if (isFiltered)
    return (
      <div className="empty">
        <p>No execution matches these filters.</p>
        <Button className="button" onPress={onClear}>
          Remove the filters
        </Button>
      </div>
    );
  return (
    <div className="empty">
      <p>No execution was reported yet.</p>
      <p>
        <Link to="/connect">Send the first report</Link>
      </p>
    </div>
  );
}
