/** One measured number, beside a peer's of the same run and the number it should reach. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer?: string;
  readonly peer_value?: number;
  /** `value` over `peer_value`. */
  readonly ratio?: number;
  /** In words, such as `≥ 25000` or `≥ 8 × peer`. */
  readonly target?: string;
  readonly met?: boolean;
}

/** What a row is held to: bounds for the value, and for how many times the peer's it is. */
export interface Aim {
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly timesPeer?: number;
  readonly atMostTimesPeer?: number;
}

export interface Peer {
  readonly name: string;
  readonly value: number;
}

const rounded = (value: number) => Number(value.toPrecision(value < 1_000 ? 3 : 5));

function wanted({ atLeast, atMost, timesPeer, atMostTimesPeer }: Aim): string {
  const parts = [
    atLeast === undefined ? [] : `≥ ${atLeast}`,
    atMost === undefined ? [] : `≤ ${atMost}`,
    timesPeer === undefined ? [] : `≥ ${timesPeer} × peer`,
    atMostTimesPeer === undefined ? [] : `≤ ${atMostTimesPeer} × peer`,
  ];
  return parts.flat().join(' and ');
}

/** A row, its ratio and whether it met its aim computed from the unrounded numbers. */
export function row(name: string, value: number, unit: string, aim: Aim = {}, peer?: Peer): Row {
  const ratio = peer && value / peer.value;
  const met =
    value >= (aim.atLeast ?? -Infinity) &&
    value <= (aim.atMost ?? Infinity) &&
    (ratio ?? Infinity) >= (aim.timesPeer ?? 0) &&
    (ratio ?? 0) <= (aim.atMostTimesPeer ?? Infinity);
  const target = wanted(aim);
  return {
    name,
    value: rounded(value),
    unit,
    ...(peer && { peer: peer.name, peer_value: rounded(peer.value), ratio: rounded(ratio!) }),
    ...(target && { target, met }),
  };
}
