import { useEffect, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Failed } from '../../shared/failed.js';
import { whole } from '../../shared/format.js';
import { newCommandId, type BulkRequest } from './bulk.js';
import { ReceiptsShown } from './receipts-shown.js';
import { isWon, tally, type BulkVerb } from './tally.js';
import { useReceipts } from './use-receipts.js';

/** How each command is said: what is asked, what it does, what would win, what won. */
const SAID: Readonly<Record<BulkVerb, { title: string; does: string; would: string; did: string }>> = {
  cancel: {
    title: 'Cancel',
    does: 'A cancel that wins is the outcome: what a worker still says of it is kept, and changes nothing.',
    would: 'would be cancelled',
    did: 'cancelled',
  },
  resume: {
    title: 'Resume',
    does: 'A resume opens the next attempt, or ends a pause. It starts no work itself.',
    would: 'would be resumed',
    did: 'resumed',
  },
};

/** A bulk command: first what it would do, then, with a reason, the receipts of what it does. */
export function BulkDialog({ asked, onClose }: { readonly asked: BulkRequest; readonly onClose: () => void }) {
  const { title, does, would, did } = SAID[asked.verb];
  const preview = useReceipts();
  const run = useReceipts();
  const [reason, setReason] = useState('');
  const [commandId] = useState(newCommandId);
  const { start } = preview;
  useEffect(() => void start(asked, { isDryRun: true }), [start, asked]);
  const { won } = tally(preview.receipts);
  const isBegun = run.state !== 'idle';
  const isReady = preview.state === 'done' && won > 0 && reason.trim() !== '';
  // What was shown, and nothing that came to match since.
  const winners = preview.receipts.filter(isWon).flatMap(({ execution_id: id }) => (id === undefined ? [] : [id]));
  const shown: BulkRequest = { ...asked, selected: new Set(winners) };
  const apply = (): void => void run.start(shown, { isDryRun: false, reason: reason.trim(), commandId });
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(isOpen) => void (isOpen || onClose())}>
      <Modal className="modal executions-modal">
        <Dialog className="dialog">
          <Heading slot="title">
            {title} {asked.selected === 'all' ? 'all that match' : whole(asked.selected.size)}
          </Heading>
          <p className="small">{does}</p>
          {!isBegun && <ReceiptsShown run={preview} words={would} />}
          {isBegun && <ReceiptsShown run={run} words={did} of={won} />}
          {preview.error && <Failed error={preview.error} retry={() => void start(asked, { isDryRun: true })} />}
          {run.error && <Failed error={run.error} retry={apply} />}
          <form
            className="executions-editor"
            onSubmit={(event) => {
              event.preventDefault();
              if (isReady && !isBegun) apply();
            }}
          >
            {!isBegun && (
              <label className="labelled">
                Reason, kept in the history of each
                <input
                  className="field"
                  maxLength={1_000}
                  autoFocus
                  required
                  value={reason}
                  onChange={({ target }) => setReason(target.value)}
                />
              </label>
            )}
            <div className="row">
              {!isBegun && (
                <button className={`button ${asked.verb === 'cancel' ? 'danger' : 'main'}`} disabled={!isReady}>
                  {title} {preview.state === 'done' ? whole(won) : ''}
                </button>
              )}
              {run.state === 'running' && (
                <Button className="button danger" onPress={run.stop}>
                  Stop what was not begun
                </Button>
              )}
              <Button className="button" onPress={onClose}>
                {isBegun ? 'Close' : 'Do nothing'}
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
