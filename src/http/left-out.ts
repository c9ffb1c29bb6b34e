import { Counter, type Registry } from 'prom-client';
import { MEMBERS } from '../contract/lookalikes.js';
import type { IgnoredMember } from '../contract/read-report.js';

/** The member that a path leads into; names that are none of ours are one, for producers may make up as many as they like. */
function memberOf(path: string): string {
  const [member = ''] = path.split('.', 1);
  return MEMBERS.has(member) ? member : 'other';
}

/** Counts what was left out of what producers said, while the rest of it was read. */
export class LeftOutMembers {
  private readonly reported: Counter<'source' | 'member'>;
  private readonly appended: Counter;

  constructor(registry: Registry) {
    this.reported = new Counter({
      name: 'ledger_report_members_ignored_total',
      help: 'Members of reports that were left out: not readable, out of place, or ours under another name, by the door',
      labelNames: ['source', 'member'] as const,
      registers: [registry],
    });
    this.appended = new Counter({
      name: 'ledger_event_members_unread_total',
      help: 'Members of events that could not be read and were left out by the projection: appended directly, and malformed',
      registers: [registry],
    });
  }

  ofReport(source: string, ignored: readonly IgnoredMember[] = []): void {
    for (const { path } of ignored) this.reported.inc({ source, member: memberOf(path) });
  }

  ofEvents(members: number): void {
    this.appended.inc(members);
  }
}
