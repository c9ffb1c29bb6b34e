import { short } from '../format.js';
import { dayOf, timeOfDay } from '../moment.js';
import { usePreferences } from '../preferences.js';
import { DAY_MS } from '../last.js';
import { labelledOf } from './scale.js';

interface AxisProps {
  readonly ticks: readonly number[];
  readonly columns: readonly { readonly at: number }[];
  readonly stepMs: number;
  readonly says?: (tick: number) => string;
  readonly children: React.ReactNode;
}

const MOST_LABELS = 6;
/** The length of `23:04`. */
const MINUTES = 5;

/** The figures beside and below a chart. Its label says what it shows: these are read by eyes alone. */
export function Axis({ ticks, columns, stepMs, says = short, children }: AxisProps) {
  const { zone } = usePreferences();
  const isOfDays = columns.length * stepMs > 2 * DAY_MS;
  return (
    <div className="chart-field">
      <div className="chart-ticks" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={{ bottom: `${(tick / ticks.at(-1)!) * 100}%` }}>
            {says(tick)}
          </span>
        ))}
      </div>
      <div className="chart-drawn">{children}</div>
      <div className="chart-times" aria-hidden="true">
        {labelledOf(columns.length, MOST_LABELS).map((at) => (
          <span key={at} style={{ left: `${(at / columns.length) * 100}%` }}>
            {isOfDays ? dayOf(columns[at]!.at, zone) : timeOfDay(columns[at]!.at, zone).slice(0, MINUTES)}
          </span>
        ))}
      </div>
    </div>
  );
}
