import http from 'node:http';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

/** A process of producers of small reports, at a steady pace: `go` begins, `stop` answers how they fared. */
const [url, producers, everyMs] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true });
const headers = { 'content-type': 'application/json' };
let going = false;
let told = { ms: [], counts: {} };

const tell = (execution_id) =>
  new Promise((resolve) => {
    const request = http.request(url, { agent, method: 'POST', headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    });
    request.once('error', () => resolve('lost'));
    request.end(JSON.stringify({ execution_id, status: 'running' }));
  });

async function produce(producer) {
  for (let n = 0; going; n++) {
    const since = performance.now();
    const status = await tell(`small-${process.pid}-${producer}-${n}`);
    const took = performance.now() - since;
    told.ms.push(took);
    told.counts[status] = (told.counts[status] ?? 0) + 1;
    await pause(Math.max(0, Number(everyMs) - took));
  }
}

let all = [];
process.on('message', async (word) => {
  going = word === 'go';
  if (going) {
    told = { ms: [], counts: {} };
    all = Array.from({ length: Number(producers) }, (_, n) => produce(n));
  } else {
    await Promise.all(all);
    const sorted = told.ms.sort((a, b) => a - b);
    const at = (part) => sorted[Math.floor(sorted.length * part)];
    process.send({ count: sorted.length, p50: at(0.5), p99: at(0.99), most: sorted.at(-1), counts: told.counts });
  }
});
