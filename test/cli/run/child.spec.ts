import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { startChild } from '../../../src/cli/run/child.js';

it('a signal that a program may not be sent is not taken for its end', async () => {
  let started: ChildProcess | undefined;
  const note = (message: unknown): void => void (started = (message as { process: ChildProcess }).process);
  subscribe('child_process', note);
  const child = startChild(['sh', '-c', 'sleep 0.3; exit 3'], process.env, undefined);
  unsubscribe('child_process', note);
  await once(started!, 'spawn');
  // What kill() of Node.js does where the system answers EPERM, as it does for a program of another user.
  started!.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM', syscall: 'kill' }));
  expect(await child.ended).toEqual({ kind: 'exited', status: 3 });
});
