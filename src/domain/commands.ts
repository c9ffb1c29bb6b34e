import type { Description, Instant } from './events.js';
import type { Json } from './json.js';

/** What somebody asks for (docs/semantics.md §4). `attempt` names the attempt it is meant for; absent: the current one. */
export type Command =
  | { readonly kind: 'register'; readonly description: Description; readonly digest: string }
  | { readonly kind: 'dispatch'; readonly attempt?: number; readonly handle?: Json }
  | {
      readonly kind: 'abort';
      readonly attempt?: number;
      readonly phase: 'staging' | 'dispatch';
      readonly error: string;
      readonly error_details?: Json;
    }
  | {
      readonly kind: 'resume';
      readonly attempt?: number;
      readonly reason?: string;
      readonly new_attempt?: boolean;
      readonly unnumbered?: boolean;
      readonly deadline?: Instant;
      readonly timeout_ms?: number;
    }
  | { readonly kind: 'pause'; readonly attempt?: number; readonly reason?: string }
  | {
      readonly kind: 'cancel';
      readonly attempt?: number;
      readonly reason?: string;
      /** Of a cascade: an outcome that stands is left as it is. */
      readonly only_open?: true;
    }
  /** The ledger's own, when a registered deadline has passed. */
  | { readonly kind: 'time_out' };

export const COMMANDS = ['register', 'dispatch', 'abort', 'resume', 'pause', 'cancel', 'time_out'] as const;
export type CommandName = (typeof COMMANDS)[number];
