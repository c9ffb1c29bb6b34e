import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { absolute } from '../../shared/moment.js';
import { usePreferences, type Zone } from '../../shared/preferences.js';
import { safe, Text } from '../../shared/text.js';
import { ChipEditor } from './chip-editor.js';
import type { Chip } from './filters.js';

const MOST = 60;
const FLAGS: Readonly<Record<string, string>> = { true: 'yes', false: 'no' };

function valueOf({ filter, values }: Chip, zone: Zone): string {
  const text = values.join(', ');
  if (filter?.kind === 'flag') return FLAGS[text] ?? text;
  return filter?.kind === 'moment' && !Number.isNaN(Date.parse(text)) ? absolute(text, zone) : text;
}

interface Props {
  readonly chip: Chip;
  readonly onChange: (name: string, values: readonly string[]) => void;
  readonly onRemove: () => void;
}

/** A filter in words; pressed, it is edited, and its cross removes it. */
export function ChipMark({ chip, onChange, onRemove }: Props) {
  const { zone } = usePreferences();
  const { filter, isNegated, name } = chip;
  const label = filter?.label ?? safe(name, MOST);
  const verb = filter?.verbs[isNegated ? 1 : 0] ?? 'is';
  const value = valueOf(chip, zone);
  return (
    <span className={`chip executions-chip${isNegated ? ' not' : ''}`}>
      <DialogTrigger>
        <Button className="link">
          <b>{label}</b> {verb} <Text most={MOST}>{value}</Text>
          {filter === undefined && <span className="executions-bad"> (no such filter)</span>}
        </Button>
        <Popover className="popover" placement="bottom start">
          <Dialog aria-label={`Filter ${label}`}>
            {({ close }) => <ChipEditor chip={chip} onApply={onChange} onDone={close} />}
          </Dialog>
        </Popover>
      </DialogTrigger>
      <Button
        className="link executions-cross"
        aria-label={`Remove ${label} ${verb} ${safe(value, MOST)}`}
        onPress={onRemove}
      >
        ×
      </Button>
    </span>
  );
}

/** A filter that is not there yet. */
export function NewChip({ onAdd }: { readonly onAdd: Props['onChange'] }) {
  return (
    <DialogTrigger>
      <Button className="button quiet">+ Filter</Button>
      <Popover className="popover" placement="bottom start">
        <Dialog aria-label="New filter">{({ close }) => <ChipEditor onApply={onAdd} onDone={close} />}</Dialog>
      </Popover>
    </DialogTrigger>
  );
}
