import { expect, it } from '@jest/globals';
import { executionStatus } from '../../projections/execution-status.js';
import { startUpgrade } from '../support/upgrade.js';

it('a program with another fold of lists and the one before it serve side by side, before the swap and after', async () => {
  const upgrade = await startUpgrade(executionStatus.name);
  const old = await upgrade.start('old');
  await upgrade.moves();
  const letGo = await upgrade.holdSwap();
  await upgrade.start('new');
  await upgrade.moves(); // the old one leads on, for the new one cannot
  await upgrade.timesOut();
  await letGo();
  await upgrade.swapped();
  await upgrade.moves(); // the old one has given the lead up
  await upgrade.timesOut();
  await upgrade.stop(old);
  await upgrade.moves();
  await upgrade.isRight();
  expect(await upgrade.close()).toEqual([]);
}, 60_000);
