import type { Page } from 'playwright-core';

/** How long a change of the filters took, in milliseconds. */
export interface FilterChange {
  /** From the press until the rows of the new filter were painted. */
  readonly ms: number;
  /** What of it went by until the ledger had answered for these rows, as the browser saw it. */
  readonly answered: number;
}

/**
 * Measures inside the page, so that the way of the test to it does not count. Rows of the filter before are busy: they stand until
 * the others are there.
 */
const WATCH = `new Promise((resolve) => {
  let [pressed, begun] = [0, undefined];
  const presses = ['click', 'keydown'];
  const press = ({ timeStamp }) => (pressed = timeStamp);
  for (const kind of presses) addEventListener(kind, press, true);
  performance.clearResourceTimings();
  const isOfRows = ({ name }) => name.includes('/api/v1/executions?') && !name.includes('count=');
  const end = () => {
    const ms = performance.now() - begun;
    const read = performance.getEntriesByType('resource').find((each) => isOfRows(each) && each.startTime >= begun);
    resolve({ ms, answered: read.responseEnd - begun });
  };
  const observer = new MutationObserver(() => {
    if (document.querySelector('.executions-table[aria-busy=true]') !== null) begun ??= pressed;
    else if (begun !== undefined) {
      observer.disconnect();
      for (const kind of presses) removeEventListener(kind, press, true);
      requestAnimationFrame(() => setTimeout(end)); // after the rows were painted
    }
  });
  observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['aria-busy'] });
})`;

/** Does what changes the filters of a list to some that it has not shown yet; how long that took. */
export async function filterChange(page: Page, act: () => Promise<unknown>): Promise<FilterChange> {
  await page.evaluate(`void (globalThis.filterChange = ${WATCH})`);
  await act();
  return page.evaluate('globalThis.filterChange');
}
