import { Button } from 'react-aria-components';
import { whole } from '../../shared/format.js';
import { Announced } from './announced.js';
import { sortWords, type Sort } from './sorts.js';
import type { Rows } from './use-rows.js';

interface Props {
  readonly rows: Rows;
  readonly sort: Sort;
  readonly isPaused: boolean;
  readonly onPause: (isPaused: boolean) => void;
  readonly onNewer: () => void;
}

/** How many executions there are and in which order, what came since, and the pause. Its height is the same with and without. */
export function StateLine({ rows: { head, newer }, sort, isPaused, onPause, onNewer }: Props) {
  const count = newer && `${whole(newer.count)}${newer.isMore ? '+' : ''} newer`;
  return (
    <div className="executions-state">
      <span className="small">
        {head?.total !== undefined && (
          <>
            <b>
              {whole(head.total)}
              {head.total_is_exact === false && '+'}
            </b>{' '}
            {head.total === 1 ? 'execution' : 'executions'}
            <span className="narrow-hide"> as of position {whole(BigInt(head.as_of.position))}</span>
            {' · '}
          </>
        )}
        {sortWords(sort)}
      </span>
      <span className="executions-newer">
        {count !== undefined && (
          <Button className="executions-pill" onPress={onNewer}>
            {count}
          </Button>
        )}
      </span>
      <Button className="button quiet" aria-pressed={isPaused} onPress={() => onPause(!isPaused)}>
        {isPaused ? 'Paused: go on' : 'Pause'} <kbd className="narrow-hide">p</kbd>
      </Button>
      <Announced text={count === undefined ? '' : `${count} executions`} />
    </div>
  );
}
