import { useState } from 'react';
import { Axis } from './axis.js';
import { columnAt, sumOf, ticksOf, type Column } from './scale.js';
import '../status.css';
import './chart.css';

const HEIGHT = 150;

/** What stands upon each other in each bar: its name, and the class that colours it. */
export interface Series {
  readonly name: string;
  readonly look: string;
}

interface BarsProps {
  /** What is drawn, for whoever does not see it; the figures stand in a table beside it. */
  readonly label: string;
  readonly series: readonly Series[];
  readonly columns: readonly Column[];
  readonly stepMs: number;
  /** What a column says of itself while it is pointed at. */
  readonly says: (at: number) => string;
  readonly onChoose?: (at: number) => void;
}

/** Stacked bars over time. Widths are shares of the whole, so that no script measures the page. */
export function Bars({ label, series, columns, stepMs, says, onChoose }: BarsProps) {
  const [pointed, point] = useState<number>();
  const ticks = ticksOf(Math.max(0, ...columns.map(sumOf)));
  const width = 100 / columns.length;
  const under = ({ clientX, currentTarget }: React.PointerEvent | React.MouseEvent): number => {
    const { left, width: wide } = currentTarget.getBoundingClientRect();
    return columnAt(clientX - left, wide, columns.length);
  };
  return (
    <div className="chart">
      <p className="chart-says small" aria-hidden="true">
        {pointed !== undefined && pointed < columns.length && says(pointed)}
      </p>
      <Axis ticks={ticks} columns={columns} stepMs={stepMs}>
        <svg
          role="img"
          aria-label={label}
          width="100%"
          height={HEIGHT}
          className={onChoose ? 'chart-choose' : ''}
          onPointerMove={(event) => point(under(event))}
          onPointerLeave={() => point(undefined)}
          onClick={(event) => onChoose?.(under(event))}
        >
          {pointed !== undefined && (
            <rect className="chart-pointed" x={`${pointed * width}%`} width={`${width}%`} y="0" height={HEIGHT} />
          )}
          {columns.map((column, at) => (
            <Stack
              key={column.at}
              column={column}
              series={series}
              perPixel={HEIGHT / ticks.at(-1)!}
              x={`${(at + 0.1) * width}%`}
              width={`${0.8 * width}%`}
            />
          ))}
        </svg>
      </Axis>
      <ul className="chart-legend small" aria-hidden="true">
        {series.map(({ name, look }) => (
          <li key={name}>
            <span className={`chart-key ${look}`} />
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface StackProps {
  readonly column: Column;
  readonly series: readonly Series[];
  readonly perPixel: number;
  readonly x: string;
  readonly width: string;
}

/** The most series of which each has a pixel where it has anything: a single failure among thousands is seen. More would be a bar of nothing else. */
const MOST_SEEN = 4;

/** One bar. */
function Stack({ column: { amounts }, series, perPixel, x, width }: StackProps) {
  let y = HEIGHT;
  return amounts.map((amount, of) => {
    if (amount === 0) return null;
    const height = Math.max(series.length > MOST_SEEN ? 0 : 1, amount * perPixel);
    y -= height;
    return (
      <rect
        key={series[of]!.name}
        className={`chart-part ${series[of]!.look}`}
        x={x}
        width={width}
        y={y}
        height={height}
      />
    );
  });
}
