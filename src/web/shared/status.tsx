import { STATUSES, type Status } from '../../domain/status.js';
import './status.css';

export { STATUSES, type Status };

/** The glyph of each status, so that no status is told by its colour alone. */
const GLYPHS: Readonly<Record<Status, React.ReactNode>> = {
  pending: <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.2 2" />,
  queued: (
    <>
      <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M7 7V2a5 5 0 0 1 5 5z" fill="currentColor" />
    </>
  ),
  running: <path d="M4 2.6v8.8L11.2 7z" fill="currentColor" />,
  waiting: <path d="M3.5 2h7L7 7zM3.5 12h7L7 7z" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  paused: <path d="M4.5 2.5v9M9.5 2.5v9" stroke="currentColor" strokeWidth="2.2" />,
  succeeded: <path d="M2.4 7.4l3 3 6.2-6.8" fill="none" stroke="currentColor" strokeWidth="2" />,
  failed: <path d="M3 3l8 8M11 3l-8 8" stroke="currentColor" strokeWidth="2" />,
  timeout: (
    <path
      d="M7 4.8V8l2 1.4M5.4 1.3h3.2M7 3a5 5 0 1 0 0 10A5 5 0 0 0 7 3z"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    />
  ),
  cancelled: (
    <>
      <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M3.6 10.4l6.8-6.8" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
};

export function StatusGlyph({ status }: { readonly status: Status }) {
  return (
    <svg className="glyph" viewBox="0 0 14 14" aria-hidden="true">
      {GLYPHS[status]}
    </svg>
  );
}

/** A status as glyph, word and colour together; `soft` on a ground of its own, for a heading. */
export function StatusMark({ status, soft = false }: { readonly status: Status; readonly soft?: boolean }) {
  return (
    <span className={`status ${status}${soft ? ' soft' : ''}`}>
      <StatusGlyph status={status} />
      {status}
    </span>
  );
}
