import { readFileSync } from 'node:fs';

/** A process, told from a later one that got the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** The boot of the machine and the moment within it, where the system tells them. */
  readonly since: string | null;
}

/** What the system tells of a process, from its state on (proc(5), `/proc/pid/stat`). @throws where it tells nothing */
export function fieldsOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold blanks
}

/** When a process began; `null` where there is none, or where it only waits to be asked how it ended. */
function sinceOf(pid: number): string | null {
  try {
    const fields = fieldsOf(pid);
    if (/[ZX]/.test(fields[0]!)) return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return null;
  }
}

export const markOf = (pid: number): ProcessMark => ({ pid, since: sinceOf(pid) });

/** Whether a process still runs. Where the system does not tell when it began, its number has to do. */
export function isAlive({ pid, since }: ProcessMark): boolean {
  if (since !== null) return sinceOf(pid) === since;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
