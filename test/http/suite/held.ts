import { type Answer, type Http } from './http.js';

/** `held` where an answer is still out after so many others were given; else what was answered. */
export async function seenHeld(http: Http, held: Promise<Answer>): Promise<'held' | Pick<Answer, 'status' | 'body'>> {
  let answered: Answer | undefined;
  void held.then((answer) => (answered = answer));
  for (let n = 0; n < 20; n++) await http.get('/events?limit=1');
  return answered ? { status: answered.status, body: answered.body } : 'held';
}
