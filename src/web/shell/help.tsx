import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useKeys } from '../shared/keys.js';

/** The keys that the pages know. */
const KEYS = [
  ['/', 'jump to an id'],
  ['j k', 'next and previous row'],
  ['x', 'select the row'],
  ['Enter', 'open the row'],
  ['p', 'pause and resume live changes'],
  ['← →', 'of one execution: as it was a revision earlier, later'],
  ['?', 'this help'],
] as const;

/** `?`: what the keys do, and where more is said. */
export function HelpButton() {
  const [isOpen, setOpen] = useState(false);
  useKeys({ '?': () => setOpen(true) });
  return (
    <>
      <Button className="link" aria-label="? Help" onPress={() => setOpen(true)}>
        <kbd>?</kbd>
      </Button>
      <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={setOpen} isDismissable>
        <Modal className="modal">
          <Dialog className="dialog">
            <Heading slot="title">Keys</Heading>
            <dl className="facts">
              {KEYS.map(([key, what]) => (
                <div key={key} className="fact">
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
            <p className="small">
              <a href="/docs">The API, to read and to try</a>
            </p>
            <Button slot="close" className="button">
              Close
            </Button>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  );
}
