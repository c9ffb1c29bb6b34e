import { describe, expect, it } from '@jest/globals';
import { PROJECTIONS } from '../../projections/index.js';
import { startUpgrade } from '../support/projection/upgrade.js';

describe.each(PROJECTIONS.map(({ name }) => name))('a program with another fold of %s', (name) => {
  it('started beside the old one, which stays until after the swap', async () => {
    const upgrade = await startUpgrade(name);
    const old = await upgrade.start('old');
    await upgrade.moves();
    const letGo = await upgrade.holdSwap();
    await upgrade.start('new');
    await upgrade.moves();
    await upgrade.timesOut();
    await letGo();
    await upgrade.swapped();
    await upgrade.moves();
    await upgrade.timesOut();
    await upgrade.stop(old);
    await upgrade.moves();
    await upgrade.timesOut();
    await upgrade.isRight();
    expect(await upgrade.close()).toEqual([]);
  }, 90_000);

  it('started before the old one comes back, which goes before the swap', async () => {
    const upgrade = await startUpgrade(name);
    await upgrade.stop(await upgrade.start('old'));
    const letGo = await upgrade.holdSwap();
    await upgrade.start('new');
    const old = await upgrade.start('old');
    await upgrade.moves(); // the new one left the lead to it
    await upgrade.timesOut();
    await upgrade.stop(old);
    await letGo();
    await upgrade.swapped();
    await upgrade.moves();
    await upgrade.timesOut();
    await upgrade.isRight();
    expect(await upgrade.close()).toEqual([]);
  }, 90_000);
});
