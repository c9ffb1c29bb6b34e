/** Where the projector tells how far the live table is: `<projection> <position>`. */
export const PROJECTED = 'ledger_live_projected';
/** Where a follower is told that something else is wanted of it: `<projection>`. */
export const CONTROLLED = 'ledger_controlled';
