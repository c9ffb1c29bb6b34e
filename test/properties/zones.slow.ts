import { once } from 'node:events';
import { ended, forkIn } from '../support/process/fork.js';

const PLACES = [
  { TZ: 'UTC', LC_ALL: 'C' },
  { TZ: 'America/St_Johns', LC_ALL: 'tr_TR.UTF-8' },
  { TZ: 'Pacific/Kiritimati', LC_ALL: 'en_US.UTF-8' },
];
interface Told {
  readonly zone: number;
  readonly locale: string;
  readonly shown: string;
}

it('comes to the same in every zone and locale of the process that folds', async () => {
  const told: Told[] = [];
  for (const place of PLACES) {
    const child = forkIn(place, 'fold-here');
    const [[message]] = (await Promise.all([once(child, 'message'), ended(child)])) as [[Told], unknown];
    told.push(message);
  }
  // The processes did stand in three zones and two locales.
  expect(new Set(told.map(({ zone }) => zone)).size).toBe(3);
  expect(new Set(told.map(({ locale }) => locale)).size).toBeGreaterThanOrEqual(2);
  const [home, ...abroad] = told.map(({ shown }) => shown);
  expect(home!.length).toBeGreaterThan(100_000);
  for (const shown of abroad) expect(shown === home).toBe(true);
});
