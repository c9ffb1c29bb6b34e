import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(
    options: object,
  ): Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary: string }[] }[] }>;
}

/**
 * What axe has to say against a page as it stands, a line for each: the rule, and where it is broken. The button that React Aria
 * has beside a popover, for those who hear the page read, stands in no region.
 */
export async function complaints(page: Page): Promise<string[]> {
  await page.evaluate(SOURCE); // the policy of the pages refuses scripts that are added to them
  return page.evaluate(async () => {
    const { axe, document } = globalThis as unknown as { axe: Axe; document: { querySelector(of: string): unknown } };
    const isPlain = document.querySelector('[role=dialog]') === null;
    const { violations } = await axe.run({ rules: { region: { enabled: isPlain } } });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${String(target)}: ${failureSummary}`),
    );
  });
}
