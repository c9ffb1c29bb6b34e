import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';

/**
 * `node --import` this to learn how a program fares, over its IPC channel: `strain.begin` begins, `strain.end` answers the
 * longest that the event loop was held, in ms of the thread's own processor time (what other processes took does not count;
 * where the system does not tell, of the clock), and the most resident memory beyond that of the beginning, in bytes.
 */
function used() {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1)[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

let timer, last, lastAt, memory;
let held = 0;
let heldWall = 0;
let grown = 0;
let ticks = 0;

function look() {
  const now = used();
  const at = performance.now();
  held = Math.max(held, now - last);
  heldWall = Math.max(heldWall, at - lastAt);
  last = now;
  lastAt = at;
  if (ticks++ % 10 === 0) grown = Math.max(grown, process.memoryUsage.rss() - memory);
}

process.on('message', (asked) => {
  if (asked === 'strain.begin') {
    [held, heldWall, grown, ticks, memory] = [0, 0, 0, 0, process.memoryUsage.rss()];
    last = used();
    lastAt = performance.now();
    timer = setInterval(look, 1);
  }
  if (asked === 'strain.end') {
    clearInterval(timer);
    look();
    process.send({ strain: { heldMs: held, heldWallMs: heldWall, grownBytes: grown } });
  }
});
process.channel?.unref();
