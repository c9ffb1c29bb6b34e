import { useMemo } from 'react';
import { duration } from '../../shared/format.js';
import { timeOfDay } from '../../shared/moment.js';
import { usePreferences } from '../../shared/preferences.js';
import { lanesOf, skewOf, type RefusedEvent, type HistoryEvent } from './story.js';

const WIDTH = 1_080;
const LEFT = 80;
const RIGHT = 1_060;
const LANE = 34;
const TOP = 16;
/** What is drawn: of more attempts or refusals the last ones, for the picture is a look, and the history is whole. */
const MOST_LANES = 12;
const MOST_MARKS = 200;
const MOST_PIECES = 300;

interface Props {
  readonly history: readonly HistoryEvent[];
  readonly refused: readonly RefusedEvent[];
  readonly now: number;
  /** The moment that is looked at. */
  readonly at: string | undefined;
}

/** The attempts as lanes on the ledger's clock, and where reports were refused. */
export function Timeline({ history, refused, now, at }: Props) {
  const { zone } = usePreferences();
  const all = useMemo(() => lanesOf(history, now), [history, now]);
  const lanes = all.slice(-MOST_LANES);
  const from = Math.min(
    ...lanes.flatMap(({ pieces, end }) => [...pieces.map((piece) => piece.from), end?.at ?? Infinity]),
  );
  const marks = refused
    .slice(-MOST_MARKS)
    .map(({ recorded_at, attempt }) => ({ at: Date.parse(recorded_at), attempt }));
  const to = Math.max(
    from + 1,
    ...lanes.flatMap(({ pieces, end }) => [...pieces.map((piece) => piece.to), end?.at ?? 0]),
    ...marks.map((mark) => mark.at),
  );
  const x = (moment: number): number => LEFT + ((moment - from) / (to - from)) * (RIGHT - LEFT);
  const y = (attempt: number | undefined): number =>
    TOP +
    LANE *
      Math.max(
        0,
        lanes.findIndex((lane) => lane.attempt === attempt),
      );
  const bottom = TOP + LANE * lanes.length;
  const skew = history.map(skewOf).find((said) => said !== undefined);
  const label = `${all.length === 1 ? 'One attempt' : `${all.length} attempts`} over ${duration(to - from)} on the ledger's clock, ${
    refused.length
  } refused reports${skew ? `; of one report ${skew}` : ''}`;
  return (
    <svg className="execution-timeline" viewBox={`0 0 ${WIDTH} ${bottom + 24}`} role="img" aria-label={label}>
      {lanes.map(({ attempt, pieces, end, openedBy }) => (
        <g key={attempt}>
          <text x="0" y={y(attempt) + 12}>
            attempt {attempt}
          </text>
          {pieces.slice(-MOST_PIECES).map((piece) => (
            <rect
              key={piece.from}
              className={piece.status}
              x={x(piece.from)}
              y={y(attempt)}
              width={Math.max(2, x(piece.to) - x(piece.from))}
              height="14"
              rx="3"
            >
              <title>
                {piece.status} for {duration(piece.to - piece.from)}
              </title>
            </rect>
          ))}
          {end && (
            <rect className={`end ${end.status}`} x={x(end.at)} y={y(attempt) - 2} width="5" height="18" rx="1">
              <title>{end.status}</title>
            </rect>
          )}
          {openedBy !== undefined && pieces[0] && (
            <text className="dim" x={Math.max(LEFT, x(pieces[0].from) - 6)} y={y(attempt) - 4} textAnchor="end">
              resumed by {openedBy.slice(0, 40)}
            </text>
          )}
        </g>
      ))}
      {marks.map((mark, index) => (
        <path key={index} className="refused" d={`M${x(mark.at) - 4} ${y(mark.attempt) + 3}l8 8m0-8l-8 8`}>
          <title>refused</title>
        </path>
      ))}
      {at !== undefined && <line className="now" x1={x(Date.parse(at))} x2={x(Date.parse(at))} y1="4" y2={bottom} />}
      <line className="axis" x1={LEFT} x2={RIGHT} y1={bottom} y2={bottom} />
      {[from, (from + to) / 2, to].map((moment, index) => (
        <text
          key={index}
          className="dim"
          x={x(moment)}
          y={bottom + 16}
          textAnchor={(['start', 'middle', 'end'] as const)[index]}
        >
          {timeOfDay(moment, zone).slice(0, 8)}
        </text>
      ))}
    </svg>
  );
}
