import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ListFilter } from '../../read-model/list-request.js';
import type { Query } from './ledger-caller.js';

type Parameter = keyof ListFilter | 'sort';

const flag = (name: string): string => `--${name} [true|false]`;

/** Every parameter of the list as an option: how it is written, and what it means. Those with `…` may be given several times. */
const OPTIONS: Readonly<Record<Parameter, readonly [words: string, about: string]>> = {
  status: ['--status <status…>', 'in this status; may be given several times'],
  workflow_id: ['--workflow <id>', 'of this workflow'],
  run_id: ['--run <id>', 'of this run'],
  target: ['--target <target>', 'of this target'],
  kind: ['--kind <kind>', 'of this kind'],
  parent_execution_id: ['--parent <id>', 'started by this execution'],
  label: ['--label <key:value…>', 'with this label; may be given several times'],
  q: ['--q <prefix>', 'whose execution, run or workflow id begins so'],
  resumable: [flag('resumable'), 'that can be resumed'],
  stale: [flag('stale'), 'silent for so long that another worker may take over'],
  silent: [flag('silent'), 'that should be heard of and are not'],
  silent_for: ['--silent-for <duration>', 'silent for longer, as 10m'],
  dispatched: [flag('dispatched'), 'handed over to a runner'],
  awaiting_worker: [flag('awaiting-worker'), 'resumed, and taken up by no worker yet'],
  cancellable: [flag('cancellable'), 'that can be cancelled'],
  doubt: [flag('doubt'), 'whose outcome somebody should look at'],
  zombie: [flag('zombie'), 'a worker of an older attempt still reports'],
  past_due: [flag('past-due'), 'open, though the deadline has passed'],
  refused: [flag('refused'), 'with refused reports'],
  attempt_above: ['--attempt-above <number>', 'with more attempts'],
  error: ['--error <text>', 'whose error has this text in it'],
  failure_group: ['--failure-group <fingerprint>', 'that failed as this group did'],
  created_after: ['--created-after <moment>', 'as 2026-11-29T08:00:00Z'],
  created_before: ['--created-before <moment>', ''],
  started_after: ['--started-after <moment>', ''],
  started_before: ['--started-before <moment>', ''],
  completed_after: ['--completed-after <moment>', ''],
  completed_before: ['--completed-before <moment>', ''],
  last_activity_after: ['--last-activity-after <moment>', ''],
  last_activity_before: ['--last-activity-before <moment>', ''],
  '-status': ['--not-status <status…>', 'in another status; may be given several times, as all of these'],
  '-workflow_id': ['--not-workflow <id…>', 'of another workflow, or none'],
  '-run_id': ['--not-run <id…>', 'of another run'],
  '-target': ['--not-target <target…>', 'of another target, or none'],
  '-kind': ['--not-kind <kind…>', 'of another kind, or none'],
  '-parent_execution_id': ['--not-parent <id…>', 'started by another execution, or none'],
  '-label': ['--not-label <key:value…>', 'without this label'],
  '-error': ['--not-error <text…>', 'whose error has this text nowhere, or without an error'],
  '-failure_group': ['--not-failure-group <fingerprint…>', 'that did not fail as this group did'],
  sort: [
    '--sort <key>',
    'created_at, started_at, completed_at, last_activity_at or duration_ms; the other way round with a - before it',
  ],
};

/** The option of one parameter. */
function optionOf([words, about]: readonly [string, string]): Option {
  const option = new Option(words.replace('…', ''), about);
  if (words.includes('…')) option.argParser((one: string, before: string[] = []) => [...before, one]);
  if (option.optional)
    option.preset('true').argParser((word: string) => {
      if (word === 'true' || word === 'false') return word;
      throw new InvalidArgumentError('expected true or false');
    });
  return option;
}

/** Adds the filters of the list to a command; what is answered reads them back, as parameters of the API. */
export function listOptions(command: Command): () => Query {
  const added = Object.entries(OPTIONS).map(([parameter, words]) => [parameter, optionOf(words)] as const);
  for (const [, option] of added) command.addOption(option);
  return () => {
    const given = command.opts<Record<string, string | string[]>>();
    return Object.fromEntries(added.map(([parameter, option]) => [parameter, given[option.attributeName()]]));
  };
}
