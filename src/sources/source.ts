/** A header of a delivery by its name, if it came. */
export type HeaderOf = (name: string) => string | undefined;

/** A foreign system that delivers to the ledger, and how a delivery is known to be its own. */
export interface Source {
  /** The headers that prove a delivery and what each looks like, one such set or another: without any it is turned away before anything is read. */
  readonly marks: readonly Readonly<Record<string, RegExp>>[];
  /** Whether the headers were made for just these bytes with the secret; in constant time. */
  readonly isSigned: (secret: string, body: Uint8Array, header: HeaderOf) => boolean;
  /** The variable that its secret stands in. */
  readonly variable: string;
  /** How large a delivery may be, in bytes: its sender is not known until all of it is there. */
  readonly mostBytes: number;
}

/** A secret, and the name in the address that it is for, where its source has such names. */
export interface Secret {
  readonly secret: string;
  readonly of?: string;
}
