import { type Answer, type Http } from './http.js';

/** Whether a held answer is still out after so many others were given. */
export async function isHeld(http: Http, held: Promise<Answer>): Promise<boolean> {
  let answered = false;
  void held.then(() => (answered = true));
  for (let n = 0; n < 20; n++) await http.get('/events?limit=1');
  return !answered;
}
