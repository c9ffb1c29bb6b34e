/** How times are shown, and so are asked for. */
type Zone = 'local' | 'utc';

const MINUTE_MS = 60_000;
const SECONDS = 'YYYY-MM-DDTHH:mm:ss'.length;

/** A moment as a field for local times has it: without a zone, in the zone that the page shows. */
export function toField(moment: string | undefined, zone: Zone): string {
  const at = new Date(moment ?? Number.NaN);
  if (Number.isNaN(at.getTime())) return '';
  const offset = zone === 'utc' ? 0 : at.getTimezoneOffset();
  return new Date(at.getTime() - offset * MINUTE_MS).toISOString().slice(0, SECONDS);
}

/** The moment that such a field tells; nothing while it is not whole. */
export function fromField(text: string, zone: Zone): string | undefined {
  const at = new Date(zone === 'utc' ? `${text}Z` : text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
