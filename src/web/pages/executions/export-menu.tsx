import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { Failed } from '../../shared/failed.js';
import { whole } from '../../shared/format.js';
import type { ColumnName } from './columns.js';
import type { Search } from '../../shared/search.js';
import { MOST_EXPORTED, useExport } from './use-export.js';

/** What is listed, as a file: all pages, up to a number. */
export function ExportMenu({ query, columns }: { readonly query: Search; readonly columns: readonly ColumnName[] }) {
  const { state, count, isCut, error, start, stop } = useExport(query, columns);
  const isRunning = state === 'running';
  return (
    <DialogTrigger>
      <Button className="button quiet">{isRunning ? `Export: ${whole(count)} …` : 'Export'}</Button>
      <Popover className="popover" placement="bottom end">
        <Dialog aria-label="Export" className="executions-menu">
          <p className="small">
            All executions that match, in this order, at most {whole(MOST_EXPORTED)}: the columns shown as CSV, or each
            as the API lists it as NDJSON.
          </p>
          <div className="row">
            <Button className="button" isDisabled={isRunning} onPress={() => void start('csv')}>
              CSV
            </Button>
            <Button className="button" isDisabled={isRunning} onPress={() => void start('ndjson')}>
              NDJSON
            </Button>
            {isRunning && (
              <Button className="button danger" onPress={stop}>
                Stop
              </Button>
            )}
          </div>
          <p className="small" role="status">
            {isRunning && `${whole(count)} read …`}
            {state === 'done' &&
              `${whole(count)} exported${isCut ? '; there are more: narrow the filters for the rest' : ''}`}
          </p>
          {error && <Failed error={error} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
