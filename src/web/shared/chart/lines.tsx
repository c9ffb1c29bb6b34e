import { duration } from '../format.js';
import { Axis } from './axis.js';
import { ticksOf } from './scale.js';
import './chart.css';

const HEIGHT = 70;

/** The lines of durations: what share of executions took no longer. */
export const QUANTILES = ['p50', 'p95'] as const;
export type Quantiles = Partial<Record<(typeof QUANTILES)[number], number>>;

interface LinesProps {
  readonly label: string;
  readonly columns: readonly ({ readonly at: number } & Quantiles)[];
  readonly stepMs: number;
}

/** Durations over time: a dot where there is one, a line between neighbours that both have one. */
export function Lines({ label, columns, stepMs }: LinesProps) {
  const ticks = ticksOf(Math.max(0, ...columns.flatMap(({ p50 = 0, p95 = 0 }) => [p50, p95])));
  const x = (at: number): string => `${((at + 0.5) / columns.length) * 100}%`;
  const y = (ms: number): number => HEIGHT - (ms / ticks.at(-1)!) * (HEIGHT - 4) - 2;
  return (
    <div className="chart">
      <Axis ticks={[0, ticks.at(-1)!]} columns={columns} stepMs={stepMs} says={duration}>
        <svg role="img" aria-label={label} width="100%" height={HEIGHT}>
          {QUANTILES.map((quantile) =>
            columns.map((column, at) => {
              const [now, next] = [column[quantile], columns[at + 1]?.[quantile]];
              if (now === undefined) return null;
              return (
                <g key={column.at} className={`chart-line ${quantile}`}>
                  <circle cx={x(at)} cy={y(now)} r="1.6" />
                  {next !== undefined && <line x1={x(at)} y1={y(now)} x2={x(at + 1)} y2={y(next)} />}
                </g>
              );
            }),
          )}
        </svg>
      </Axis>
      <ul className="chart-legend small" aria-hidden="true">
        <li>
          <span className="chart-key p50" />
          half took less (p50)
        </li>
        <li>
          <span className="chart-key p95" />
          19 of 20 took less (p95)
        </li>
      </ul>
    </div>
  );
}
