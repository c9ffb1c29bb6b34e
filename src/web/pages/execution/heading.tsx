import { CopyButton } from '../../shared/copy-button.js';
import { Moment } from '../../shared/moment.js';
import { StatusMark } from '../../shared/status.js';
import { Text } from '../../shared/text.js';
import { Commands } from './commands.js';
import { verdictOf, type Execution, type HistoryEvent } from './story.js';

interface HeadingProps {
  readonly view: Execution;
  readonly current: Execution;
  readonly history: readonly HistoryEvent[];
  readonly isPast: boolean;
  readonly refusedCount: number;
}

/** What it came to, in a sentence, and what can be done about it. */
export function Heading({ view, current, history: events, isPast, refusedCount }: HeadingProps) {
  const verdict = verdictOf(view, events, isPast ? 0 : refusedCount);
  return (
    <div className="row wide execution-heading">
      <div>
        <div className="row">
          <h1 className="id">
            <Text>{view.execution_id}</Text>
          </h1>
          <StatusMark status={view.status} soft />
          <span className="small">
            attempt {view.attempt}
            {view.sealed && ' · sealed'}
          </span>
        </div>
        <p className="execution-verdict" aria-live="polite">
          {isPast && <b>As it was at revision {view.revision}: </b>}
          {verdict.said}
          {verdict.by !== undefined && (
            <>
              {' '}
              by{' '}
              <b>
                <Text most={80}>{verdict.by}</Text>
              </b>
            </>
          )}
          {verdict.at !== undefined && (
            <>
              {' '}
              <Moment at={verdict.at} />
            </>
          )}
          {verdict.after && (
            <>
              , after{' '}
              <b>
                <Text most={80}>{verdict.after.by}</Text>
              </b>{' '}
              resumed it{verdict.after.from !== undefined && ` when it was ${verdict.after.from}`}
            </>
          )}
          . {verdict.outlook} {verdict.refused && <b>{verdict.refused}</b>}
        </p>
      </div>
      <span className="row">
        <CopyButton
          className="button quiet"
          label="Copy as curl"
          text={() => `curl ${location.origin}/api/v1/executions/${encodeURIComponent(view.execution_id)}`}
        />
        <Commands view={current} />
      </span>
    </div>
  );
}
