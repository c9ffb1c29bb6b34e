import { Link } from '@tanstack/react-router';
import { whole } from '../../shared/format.js';
import { Text } from '../../shared/text.js';
import { tally } from './tally.js';
import type { Run } from './use-receipts.js';

const STATES: Readonly<Record<Run['state'], string>> = {
  idle: '',
  running: ' so far …',
  done: '',
  stopped: ', then stopped',
  failed: ', then it broke off',
};
const MOST = 120;

interface Props {
  readonly run: Run;
  /** What winning is called. */
  readonly words: string;
  /** How many are expected to win. */
  readonly of?: number;
}

/** The receipts of a bulk command: how many won, and why the others did not. */
export function ReceiptsShown({ run, words, of }: Props) {
  const { won, count, lost } = tally(run.receipts);
  return (
    <div className="executions-receipts" role="status" aria-live="polite" aria-busy={run.state === 'running'}>
      {of !== undefined && <progress aria-label="Receipts" max={Math.max(of, count)} value={count} />}
      <p>
        <b>{whole(won)}</b> {words}, <b>{whole(count - won)}</b> not{STATES[run.state]}
      </p>
      {lost.length > 0 && (
        <ul>
          {lost.map(({ verdict, words: why, count: losers, examples }) => (
            <li key={why}>
              {whole(losers)} × <Text most={MOST}>{why}</Text> <code className="dim">{verdict}</code>
              <div className="small executions-cut">
                {examples.map((id, at) => (
                  <span key={id}>
                    {at > 0 && ', '}
                    <Link className="id" to="/executions/$id" params={{ id }}>
                      <Text most={MOST}>{id}</Text>
                    </Link>
                  </span>
                ))}
                {losers > examples.length && ', …'}
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
