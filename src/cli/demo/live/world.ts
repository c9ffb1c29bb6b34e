import type { Chance } from './chance.js';

/** Something that executions run on. */
export interface Target {
  readonly target: string;
  readonly workflow_id: string;
  readonly kind: 'agent' | 'job' | 'workflow' | 'task';
  /** What it usually takes, in seconds, and how many there are in a usual hour. */
  readonly seconds: number;
  readonly hourly: number;
  /** How probably one fails, and of what. */
  readonly failing: number;
  readonly errors: readonly ((chance: Chance) => string)[];
  /** It got slower, hour by hour, in the last six. */
  readonly slowing?: true;
}

const refused = (chance: Chance): string =>
  `connect ECONNREFUSED 10.0.${chance.whole(0, 9)}.${chance.whole(2, 250)}:5432 after ${chance.whole(2, 5)} tries`;
const memory = (chance: Chance): string =>
  `OutOfMemoryError: heap of ${chance.whole(2, 7)}.${chance.whole(0, 9)} GiB used up in /data/part-${chance.whole(1000, 9999)}.parquet`;
const limited = (chance: Chance): string =>
  `HTTP 429 from https://api.models.example/v1/messages: try again in ${chance.whole(2, 59)} s`;
const assertion = (chance: Chance): string =>
  `AssertionError: expected 200, got ${chance.of([500, 502, 503])}\n    at test/checkout.spec.ts:${chance.whole(12, 240)}`;
const missing = (chance: Chance): string =>
  `Traceback (most recent call last):\n  File "load.py", line ${chance.whole(20, 90)}, in load\nKeyError: 'order_${chance.whole(1000, 9999)}'`;

export const TARGETS: readonly Target[] = [
  {
    ...{ target: 'agents.summarise', workflow_id: 'support-inbox', kind: 'agent', seconds: 9, hourly: 20 },
    ...{ failing: 0.04, errors: [limited] },
  },
  {
    ...{ target: 'acme/checkout', workflow_id: 'ci', kind: 'workflow', seconds: 28, hourly: 12 },
    ...{ failing: 0.12, errors: [assertion, refused] },
  },
  {
    ...{ target: 'etl.orders', workflow_id: 'nightly', kind: 'job', seconds: 18, hourly: 10 },
    ...{ failing: 0.08, errors: [missing, memory, refused] },
  },
  {
    ...{ target: 'search.reindex', workflow_id: 'search', kind: 'job', seconds: 7, hourly: 12, slowing: true },
    ...{ failing: 0.06, errors: [memory, refused] },
  },
  {
    ...{ target: 'mail.send', workflow_id: 'support-inbox', kind: 'task', seconds: 1.5, hourly: 16 },
    ...{ failing: 0.03, errors: [limited, refused] },
  },
];

export const targetOf = (name: string): Target => TARGETS.find(({ target }) => target === name)!;

/** How many times longer than usual a target takes, so many hours ago. */
export const slowness = ({ slowing }: Target, hoursAgo: number): number =>
  slowing ? 1 + Math.max(0, 6 - hoursAgo) / 2 : 1;

/** Who decides, and what they say why. */
export const PEOPLE = ['dana.okafor', 'li.wei', 'marta.silva', 'tom.becker'] as const;
export const REASONS = [
  'started with the wrong branch',
  'the customer withdrew the order',
  'would run into the maintenance window',
  'superseded by the hotfix',
] as const;

const SENTENCES = [
  'The parcel arrived on Tuesday, and the second box was open.',
  'Please say whether the refund goes to the card or to the account.',
  'The invoice names the old address, which was changed in March.',
  'Nothing is missing, but the lid does not close any more.',
  'We would like to keep it if the price can be lowered a little.',
] as const;

/** Text of about so many characters. */
export function prose(chance: Chance, characters: number): string {
  let text = '';
  while (text.length < characters) text += `${chance.of(SENTENCES)} `;
  return text.trimEnd();
}

/** What an execution of a target is given, a few KB. */
export const inputOf = ({ target, kind }: Target, chance: Chance): object =>
  kind === 'agent'
    ? {
        model: 'large-4',
        temperature: 0.2,
        messages: [{ role: 'user', content: prose(chance, chance.whole(600, 2_500)) }],
      }
    : {
        source: `s3://acme-${target.replace(/\W/g, '-')}/2026/`,
        batch: chance.whole(100, 999),
        notes: prose(chance, 300),
      };

/** What comes of it. */
export const resultOf = ({ kind }: Target, chance: Chance): object =>
  kind === 'agent'
    ? {
        answer: prose(chance, chance.whole(300, 1_500)),
        tokens: { input: chance.whole(400, 9_000), output: chance.whole(80, 900) },
      }
    : {
        rows: chance.whole(1_000, 90_000),
        skipped: chance.whole(0, 12),
        files: [`part-${chance.whole(1000, 9999)}.parquet`],
      };

/** What everybody says of an execution. */
export const identityOf = ({ target, workflow_id, kind }: Target, chance: Chance) => ({
  ...{ target, workflow_id, kind },
  labels: { env: chance.happens(0.85) ? 'prod' : 'staging', team: workflow_id === 'ci' ? 'web' : 'data' },
});
