import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A process of a thousand readers: each asks again as soon as it is answered, or when it was told to come back. */
const [url, readers, ...asked] = process.argv.slice(2);
const requests = asked.map((one) => JSON.parse(one));
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
let going = false;
let counts = {};

const ask = ({ path, body, headers: more }) =>
  new Promise((resolve) => {
    const method = body === undefined ? 'GET' : 'POST';
    const headers = { 'content-type': 'application/json', ...more };
    const request = http.request(url + path, { agent, method, headers }, (response) => {
      response.resume().once('end', () => resolve(response));
    });
    request.once('error', () => resolve({ statusCode: 'lost', headers: {} }));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });

async function read(n) {
  for (; going; n++) {
    const { statusCode, headers } = await ask(requests[n % requests.length]);
    counts[statusCode] = (counts[statusCode] ?? 0) + 1;
    if (headers['retry-after'] !== undefined) await pause(1_000 * headers['retry-after']);
    else if (statusCode === 'lost') await pause(1_000);
  }
}

let crowd = [];
process.on('message', async (word) => {
  going = word === 'go';
  if (going) crowd = Array.from({ length: Number(readers) }, (_, n) => read(n));
  else await Promise.all(crowd);
  process.send({ counts });
  counts = {};
});
