import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { answered, client, queries } from '../../shared/api.js';
import { Failed } from '../../shared/failed.js';
import { ACTIONS, type Action, type ActionName, type Projection } from './actions.js';

const ask = (action: ActionName, name: string) =>
  answered(
    client.POST(`/api/v1/projections/{name}/${action}`, { params: { path: { name } }, body: undefined as never }),
  );

/** What can be done with a projection now; each says what it will do before it does it. */
export function ActionButtons({ projection, may }: { readonly projection: Projection; readonly may: boolean }) {
  const [chosen, choose] = useState<Action>();
  return (
    <span className="row">
      {ACTIONS.filter(({ isOffered }) => isOffered(projection)).map((action) => (
        <Button key={action.name} className="button" isDisabled={!may} onPress={() => choose(action)}>
          {action.title}
        </Button>
      ))}
      {chosen && <Ask action={chosen} projection={projection} onClose={() => choose(undefined)} />}
    </span>
  );
}

interface AskProps {
  readonly action: Action;
  readonly projection: Projection;
  readonly onClose: () => void;
}

function Ask({ action, projection, onClose }: AskProps) {
  const asking = useMutation({
    mutationFn: () => ask(action.name, projection.name),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['projections'] }),
  });
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => void (open || onClose())}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">
            {action.title}: <code>{projection.name}</code>
          </Heading>
          <p>{action.does(projection)}</p>
          {asking.isError && <Failed error={asking.error} />}
          <div className="row">
            <Button className="button main" autoFocus isDisabled={asking.isPending} onPress={() => asking.mutate()}>
              {action.title}
            </Button>
            <Button className="button quiet" onPress={onClose}>
              Leave it
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
