import type { ReactNode } from 'react';
import { duration, whole } from '../../shared/format.js';
import type { ExecutionSummary } from '../../shared/live.js';
import { Moment, useNow } from '../../shared/moment.js';
import { StatusMark } from '../../shared/status.js';
import { Text } from '../../shared/text.js';
import { ExecutionCell } from './execution-cell.js';
import { said, tookMs } from './says.js';
import type { SortField } from './sorts.js';

/** How much of a text a cell shows; the whole of it is on the page of the execution. */
const MOST = 300;

/** A column of the list. */
export interface Column {
  readonly label: string;
  /** In pixels; the columns without one share the rest (`widthOf`). */
  readonly width?: number;
  readonly sort?: SortField;
  readonly isNumber?: true;
  readonly cell: (execution: ExecutionSummary) => ReactNode;
  /** The members of the execution that an export writes for it. */
  readonly members: readonly (keyof ExecutionSummary)[];
}

function Says({ execution }: { readonly execution: ExecutionSummary }) {
  const word = said(execution, useNow());
  if (word === undefined) return null;
  return (
    <span className={`executions-${word.tone}`}>
      <Text most={MOST}>{word.text}</Text>
    </span>
  );
}

function Took({ execution }: { readonly execution: ExecutionSummary }) {
  const ms = tookMs(execution, useNow());
  return ms === undefined ? null : duration(ms);
}

type TextMember = 'target' | 'worker' | 'kind' | 'run_id' | 'parent_execution_id' | 'phase' | 'authority';
const text = (label: string, member: TextMember, width: number): Column => ({
  label,
  width,
  cell: ({ [member]: value }) => (value === undefined || value === null ? null : <Text most={MOST}>{value}</Text>),
  members: [member],
});

type MomentMember = 'created_at' | 'started_at' | 'completed_at' | 'last_activity_at' | 'deadline';
const moment = (label: string, member: MomentMember, sort?: SortField): Column => ({
  label,
  width: 116,
  ...(sort && { sort }),
  cell: ({ [member]: at }) => at && <Moment at={at} />,
  members: [member],
});

const number = (label: string, member: 'attempt' | 'refused_count'): Column => ({
  label,
  width: 84,
  isNumber: true,
  cell: ({ [member]: count }) => whole(count),
  members: [member],
});

/** All columns by their names in the address, in the order in which they are offered. */
export const COLUMNS = {
  status: {
    label: 'Status',
    width: 128,
    cell: ({ status }) => <StatusMark status={status} />,
    members: ['status'],
  },
  execution: {
    label: 'Execution',
    width: 210,
    cell: (execution) => <ExecutionCell execution={execution} />,
    members: ['execution_id', 'workflow_id'],
  },
  target: text('Target', 'target', 130),
  worker: text('Worker', 'worker', 100),
  progress: {
    label: 'Progress',
    width: 84,
    isNumber: true,
    cell: ({ progress }) => progress !== undefined && `${Math.round(progress)} %`,
    members: ['progress'],
  },
  duration: {
    label: 'Duration',
    width: 104,
    isNumber: true,
    sort: 'duration_ms',
    cell: (execution) => <Took execution={execution} />,
    members: ['duration_ms'],
  },
  last_activity: moment('Last activity', 'last_activity_at', 'last_activity_at'),
  says: {
    label: 'Says',
    cell: (execution) => <Says execution={execution} />,
    members: ['error', 'status_reason', 'message'],
  },
  created: moment('Created', 'created_at', 'created_at'),
  started: moment('Started', 'started_at', 'started_at'),
  ended: moment('Ended', 'completed_at', 'completed_at'),
  deadline: moment('Deadline', 'deadline'),
  kind: text('Kind', 'kind', 100),
  run: text('Run', 'run_id', 150),
  parent: text('Parent', 'parent_execution_id', 150),
  phase: text('Phase', 'phase', 100),
  authority: text('Decided by', 'authority', 100),
  attempt: number('Attempt', 'attempt'),
  refused: number('Refused', 'refused_count'),
  labels: {
    label: 'Labels',
    width: 200,
    cell: ({ labels }) => (
      <Text most={MOST}>
        {Object.entries(labels)
          .map(([key, value]) => `${key}:${value}`)
          .join(' ')}
      </Text>
    ),
    members: ['labels'],
  },
} as const satisfies Readonly<Record<string, Column>>;

export type ColumnName = keyof typeof COLUMNS;

/** What a column takes of the width. Where no other takes the rest, the execution does, or a phone had no room for it. */
export function widthOf(name: ColumnName, columns: readonly ColumnName[]): number | undefined {
  const isRest = name === 'execution' && columns.every((each) => columnOf(each).width !== undefined);
  return isRest ? undefined : columnOf(name).width;
}

export const columnOf = (name: ColumnName): Column => COLUMNS[name];
export const isColumn = (name: string): name is ColumnName => Object.hasOwn(COLUMNS, name);

/** What a list shows of itself where nobody chose; on a phone what fits there. */
export const USUAL = {
  wide: ['status', 'execution', 'target', 'worker', 'progress', 'duration', 'last_activity', 'says'],
  narrow: ['status', 'execution', 'last_activity'],
} as const satisfies Readonly<Record<string, readonly ColumnName[]>>;
