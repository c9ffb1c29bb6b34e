import { BY_KEY, KEY } from '../../support/ledger/senders/keyed.js';
import { replaced, type Sender, type Signing, type Delivery } from '../../support/ledger/senders/sender.js';
import { SECRETS, SIGNED } from '../../support/ledger/senders/signed.js';
import { expectProblem, serving, type Http, type Start } from './http.js';

const OF_NOBODY = `whsec_${Buffer.from('of nobody at all').toString('base64')}`;
const READER = { 'x-api-key': 'key-of-a-reader-of-twenty' };

/** Adds a member to the last object of a text. */
const withMore = (text: string, more: string): string => text.replace(/\}(\]?)$/, `,"more":${more}}$1`);

function describeSender(http: Http, sender: Sender): void {
  const send = (text: string, told: Delivery, signing?: Signing) => {
    const packed = sender.pack(text, told, signing);
    return http.post(sender.path, packed.text, packed.headers);
  };
  const deliver = (told: Delivery) => send(JSON.stringify(told.payload), told);
  const shown = (id: string) => http.get(`/executions/${encodeURIComponent(id)}`, READER);

  /** A delivery that nothing came before, and the execution that it is about. */
  function begun() {
    const { ids, told } = sender.life();
    return { id: ids[0]!, told: told[1]! };
  }

  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const BAD: readonly [what: string, status: number, text: (payload: unknown) => string, signing?: Signing][] = [
    ['not JSON', 400, () => '{'],
    ['a number', 400, () => '7'],
    ['nothing', 400, () => ''],
    ['text that JSON does not have', 400, (payload) => JSON.stringify(payload).replace('{', '{\u0000')],
    ['an id of another type', 400, (payload) => JSON.stringify(replaced(payload, sender.idAt, { a: [] }))],
    ['no id', 400, (payload) => JSON.stringify(replaced(payload, sender.idAt, undefined))],
    ['too deep', 400, (payload) => withMore(JSON.stringify(payload), '['.repeat(5_000) + ']'.repeat(5_000))],
    ['too large', 413, (payload) => withMore(JSON.stringify(payload), JSON.stringify('x'.repeat(5 << 20)))],
    ['a wrong signature or key', 401, (payload) => JSON.stringify(payload), { secret: OF_NOBODY }],
    ['an old signature', 401, (payload) => JSON.stringify(payload), { at: minutesAgo(6) }],
  ];
  const cells = BAD.filter(([, , , signing]) => signing?.at === undefined || sender.proof === 'fresh signature').map(
    ([what, status, textOf, signing = {}]) => [what, status, textOf, signing] as const,
  );

  it.each(cells)('%s is %i, and nothing is decided', async (_what, status, textOf, signing) => {
    const { id, told } = begun();
    const answer = await send(textOf(told.payload), told, signing);
    const kinds: Record<number, string> = { 400: 'validation', 401: 'unauthorized', 413: 'too_large' };
    expectProblem(answer, status, kinds[status]);
    expect((await shown(id)).status).toBe(404);
    // What is said afterwards is taken as if nothing had come.
    const { status: taken, body } = await deliver(told);
    expect([taken, body.receipts]).toMatchObject([sender.taken, [{ verdict: 'applied', execution_id: id }]]);
    expect(body.receipts[0]).not.toHaveProperty('replayed');
  });

  it('what the ledger has no use for is taken, and says so', async () => {
    const { status, body } = await deliver(sender.unknown());
    expect([status, body]).toEqual([sender.taken, { receipts: [], ignored: expect.any(String) }]);
  });

  it('an id that comes again with another body is taken, and decides nothing', async () => {
    const { id, told } = begun();
    await deliver(told);
    const { body: before } = await shown(id);
    const { status, body } = await deliver({ ...told, payload: sender.other(told) });
    expect([status, body.receipts]).toMatchObject([sender.taken, [{ verdict: 'id_reused', applied: false }]]);
    expect((await shown(id)).body).toEqual({ ...before, refused_count: expect.any(Number) });
  });
}

/** docs/sources.md: what of each dialect cannot be taken, and what is taken and decides nothing. */
export function describeBadDeliveries(start: Start): void {
  describe('bad deliveries', () => {
    const API_KEYS = `sender:${KEY}:report,reader:${READER['x-api-key']}:read`;
    const http = serving(start, { ...SECRETS, API_KEYS });
    describe.each([...SIGNED, ...BY_KEY])('of $name', (sender) => describeSender(http, sender));
    it('the ledger is there after all of them', async () => {
      expect((await http.get('//health/live')).status).toBe(200);
    });
  });
}
