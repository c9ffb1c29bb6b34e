/** Where the projector tells how far it is: `<projection> <position>`. */
export const PROJECTED = 'ledger_projected';
