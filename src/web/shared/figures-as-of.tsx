import { whole } from './format.js';
import { absolute } from './moment.js';
import { usePreferences } from './preferences.js';

/** Up to which position figures were read. */
export function FiguresAsOf({ asOf }: { readonly asOf: { readonly position: string; readonly at: string } }) {
  const { zone } = usePreferences();
  return (
    <span className="small" title={asOf.position === '0' ? undefined : absolute(asOf.at, zone)}>
      up to position {whole(BigInt(asOf.position))}
    </span>
  );
}
