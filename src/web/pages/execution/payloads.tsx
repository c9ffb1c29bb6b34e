import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { ApiProblem } from '../../shared/api.js';
import { bytes } from '../../shared/format.js';
import { CopyButton } from '../../shared/copy-button.js';
import { Failed, Loading } from '../../shared/failed.js';
import { safe } from '../../shared/text.js';
import { brief, childrenOf, find, jsonOf, type Piece } from './payload-tree.js';

/** What is read unasked, in bytes; more is read when somebody wants to see it. */
const UNASKED = 256 * 1_024;

type Payload = readonly [name: string, piece: Piece, length: number];
type PayloadPage = { readonly payloads: readonly Payload[] } | { readonly more: true };

/** The whole execution as text, or that it is longer than was wanted: then the rest is not fetched. */
async function text(id: string, most: number, signal: AbortSignal): Promise<string | undefined> {
  const answer = await fetch(`/api/v1/executions/${encodeURIComponent(id)}`, { signal });
  if (!answer.ok) throw new ApiProblem(answer.status, (await answer.json()) as Record<string, unknown>);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  const pieces: string[] = [];
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return pieces.join('');
    pieces.push(value);
    length += value.length;
    if (length <= most) continue;
    await reader.cancel();
    return undefined;
  }
}

function parsed(body: string): Promise<readonly Payload[]> {
  const worker = new Worker(new URL('./payload.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<readonly Payload[]>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<readonly Payload[]>) => resolve(data);
    worker.onerror = () => reject(new Error('The payloads cannot be read.'));
    worker.postMessage(body);
  }).finally(() => worker.terminate());
}

/** What went in and came out of an execution, as trees. `state`: read anew when it changes; a report of progress brings none. */
export function Payloads({ id, state }: { readonly id: string; readonly state: string }) {
  const [most, setMost] = useState(UNASKED);
  const { data, error, refetch } = useQuery({
    queryKey: ['payloads', id, state, most],
    queryFn: async ({ signal }): Promise<PayloadPage> => {
      const body = await text(id, most, signal);
      return body === undefined ? { more: true } : { payloads: await parsed(body) };
    },
    placeholderData: (before) => before,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (error && data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if ('more' in data)
    return (
      <section className="sheet">
        <h2>Input and result</h2>
        <div className="body row wide">
          <span className="small">together over {bytes(UNASKED)}</span>
          <Button className="button" onPress={() => setMost(Infinity)}>
            Show them
          </Button>
        </div>
      </section>
    );
  return data.payloads.map(([name, piece, length]) => <Payload key={name} name={name} piece={piece} length={length} />);
}

const TITLES: Readonly<Record<string, string>> = {
  input: 'Input',
  result: 'Result',
  error: 'Error',
  error_details: 'Error details',
};

function Payload({ name, piece, length }: { readonly name: string; readonly piece: Piece; readonly length: number }) {
  const [wanted, setWanted] = useState('');
  return (
    <section className="sheet" aria-label={TITLES[name]}>
      <div className="head row wide">
        <h2>{TITLES[name]}</h2>
        <span className="row small">
          {bytes(length)}
          {childrenOf(piece).length > 0 && (
            <input
              className="field execution-search"
              type="search"
              aria-label={`Search in ${TITLES[name]!.toLowerCase()}`}
              placeholder="Search"
              value={wanted}
              onChange={({ target }) => setWanted(target.value)}
            />
          )}
          <CopyButton className="link" label="copy" text={() => (typeof piece === 'string' ? piece : jsonOf(piece))} />
        </span>
      </div>
      <div className="execution-payload" tabIndex={0} role="region" aria-label={`${TITLES[name]}, its value`}>
        {wanted.length > 1 ? <Results piece={piece} wanted={wanted} /> : <Node piece={piece} isOpen />}
      </div>
    </section>
  );
}

function Results({ piece, wanted }: { readonly piece: Piece; readonly wanted: string }) {
  const found = find(piece, wanted);
  if (found.length === 0) return <span className="dim">nothing holds that</span>;
  return (
    <ul>
      {found.map(({ path, value }) => (
        <li key={path}>
          <span className="dim">{safe(path, 300)}</span> {safe(value, 300)}
        </li>
      ))}
    </ul>
  );
}

/** How many members of one object are drawn at once. */
const STEP = 100;

function Node({
  name,
  piece,
  isOpen = false,
}: {
  readonly name?: string;
  readonly piece: Piece;
  readonly isOpen?: boolean;
}) {
  const [open, setOpen] = useState(isOpen);
  const [most, setMost] = useState(STEP);
  const children = childrenOf(piece);
  const label = name === undefined ? null : <span className="dim">{safe(name, 200)}: </span>;
  if (children.length === 0)
    return (
      <div>
        {label}
        <Leaf piece={piece} />
      </div>
    );
  return (
    <div>
      <Button className="link" aria-expanded={open} onPress={() => setOpen(!open)}>
        <span aria-hidden="true">{open ? '▾ ' : '▸ '}</span>
        {label}
        <span className="dim">{brief(piece)}</span>
      </Button>
      {open && (
        <div className="execution-children">
          {children.slice(0, most).map(([key, child]) => (
            <Node key={key} name={key} piece={child} />
          ))}
          {children.length > most && (
            <Button className="link small" onPress={() => setMost(most + STEP)}>
              {children.length - most} more
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** A long text is shown in its beginning, and in as much more as is asked for. */
const TEXT_STEP = 4_000;

function Leaf({ piece }: { readonly piece: Piece }) {
  const [most, setMost] = useState(TEXT_STEP);
  if (typeof piece !== 'string') return <span className="execution-number">{brief(piece)}</span>;
  return (
    <span className="execution-text">
      <bdi>{safe(piece, most)}</bdi>
      {piece.length > most && (
        <Button className="link small" onPress={() => setMost(most * 4)}>
          {' '}
          {bytes(piece.length - most)} more
        </Button>
      )}
    </span>
  );
}
