import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { VERDICT_MEANINGS } from '../../../contract/verdict-meanings.js';
import { answered, ApiProblem, client, queries } from '../../shared/api.js';
import { randomId } from '../../shared/random-id.js';
import { useMay } from '../../shared/session.js';
import { Text } from '../../shared/text.js';
import type { Execution } from './story.js';

type Command = 'resume' | 'pause' | 'cancel';

/** The commands: when the domain takes them, and what each does. The domain decides again when they are given. */
const COMMANDS: Readonly<
  Record<Command, { readonly name: string; readonly isAllowed: (view: Execution) => boolean; readonly does: string }>
> = {
  resume: {
    name: 'Resume…',
    isAllowed: ({ resumable }) => resumable,
    does: 'Opens it for work again. The ledger starts nothing: a worker that takes it up reports under the id in the answer.',
  },
  pause: {
    name: 'Pause…',
    isAllowed: ({ status }) => status === 'running' || status === 'waiting',
    does: 'Marks it as paused: reports but an outcome are refused until it is resumed, and a worker that asks is told.',
  },
  cancel: {
    name: 'Cancel…',
    isAllowed: ({ cancellable }) => cancellable,
    does: 'Ends it. A worker is told at its next report or heartbeat; a success that was told before wins.',
  },
};

/** A receipt, by the names that it has on the wire. */
type Receipt = Readonly<Record<string, unknown>>;

const give = (command: Command, id: string, body: { reason?: string; cascade?: boolean }): Promise<Receipt> => {
  const params = { params: { path: { id }, header: { 'Idempotency-Key': randomId() } as never } };
  const { cascade, ...reason } = body;
  if (command === 'resume') return answered(client.POST('/api/v1/executions/{id}/resume', { ...params, body: reason }));
  if (command === 'pause') return answered(client.POST('/api/v1/executions/{id}/pause', { ...params, body: reason }));
  return answered(
    client.POST('/api/v1/executions/{id}/cancel', { ...params, body: { ...reason, ...(cascade && { cascade }) } }),
  );
};

/** The commands that may be given now, and no others. */
export function Commands({ view }: { readonly view: Execution }) {
  const may = useMay('command');
  const [asked, setAsked] = useState<Command>();
  const allowed = (Object.keys(COMMANDS) as Command[]).filter((command) => COMMANDS[command].isAllowed(view));
  return (
    <>
      {allowed.map((command) => (
        <Button
          key={command}
          className={`button${command === 'cancel' ? ' danger' : ''}`}
          isDisabled={!may}
          onPress={() => setAsked(command)}
        >
          {COMMANDS[command].name}
        </Button>
      ))}
      {allowed.length > 0 && !may && <span className="small">your key lacks the scope command</span>}
      {asked && <Ask command={asked} view={view} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Ask({
  command,
  view,
  onClose,
}: {
  readonly command: Command;
  readonly view: Execution;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const [cascade, setCascade] = useState(false);
  const giving = useMutation({
    mutationFn: () => give(command, view.execution_id, { ...(reason !== '' && { reason }), cascade }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['execution', view.execution_id] }),
  });
  const { name, does } = COMMANDS[command];
  const title = name.replace('…', '');
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => void (open || onClose())}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">
            {title}{' '}
            <code>
              <Text>{view.execution_id}</Text>
            </code>
          </Heading>
          {giving.isSuccess ? (
            <Won answer={giving.data} />
          ) : giving.isError ? (
            <Lost error={giving.error} title={title} />
          ) : (
            <form
              className="stack"
              onSubmit={(event) => {
                event.preventDefault();
                giving.mutate();
              }}
            >
              <p className="small">{does}</p>
              <label className="labelled">
                Reason, kept in the history
                <input className="field" autoFocus value={reason} onChange={({ target }) => setReason(target.value)} />
              </label>
              {command === 'cancel' && (
                <label className="small">
                  <input type="checkbox" checked={cascade} onChange={({ target }) => setCascade(target.checked)} /> and
                  all that it started
                </label>
              )}
              <button className={`button ${command === 'cancel' ? 'danger' : 'main'}`} disabled={giving.isPending}>
                {title}
              </button>
            </form>
          )}
          <Button className="button quiet" onPress={onClose}>
            Close
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What the ledger decided, in its own words. */
function Won({ answer: told }: { readonly answer: Receipt }) {
  const children = Array.isArray(told['children']) ? told['children'].length : 0;
  return (
    <div className="notice" role="status">
      <p>
        <b>{String(told['verdict'])}</b>
        {told['previous_status'] !== undefined && `: it was ${String(told['previous_status'])}`}
      </p>
      {typeof told['report_as'] === 'string' && (
        <p>
          A worker reports as <code>{told['report_as']}</code>. {String(told['note'] ?? '')}
        </p>
      )}
      {children > 0 && <p>{children} of its descendants were asked, too.</p>}
    </div>
  );
}

/** A lost race is no error: somebody else was first, and what stands is shown. */
function Lost({ error, title }: { readonly error: Error; readonly title: string }) {
  const body = error instanceof ApiProblem ? error.body : {};
  const verdict = body['verdict'];
  const current = body['current'] as { readonly status?: string; readonly attempt?: number } | undefined;
  const meaning = VERDICT_MEANINGS[verdict as keyof typeof VERDICT_MEANINGS];
  return (
    <div className={typeof verdict === 'string' ? 'notice' : 'notice bad'} role="alert">
      {typeof verdict === 'string' ? (
        <p>
          {title} was not taken, <b>{verdict}</b>
          {meaning && `: ${meaning}`}.{current?.status && ` It is ${current.status}, attempt ${current.attempt}.`}
        </p>
      ) : null}
      <p>
        <Text>{error.message}</Text>
      </p>
    </div>
  );
}
