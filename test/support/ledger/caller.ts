/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The wire is what is under test: its shapes are asserted, not assumed.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** Sends JSON (or, given a string, that text) to an endpoint of the API; the answer's body is parsed where it is JSON. */
export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/**
 * Speaks to a server at `url`; paths are below `/api/v1` unless they start with two slashes.
 * @param patienceMs for how long an answer is waited for; default: for ever
 */
export const caller =
  (url: string, patienceMs?: number): Call =>
  async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const target = path.startsWith('//') ? path.slice(1) : `/api/v1${path}`;
    const type = text === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(url + target, {
      method,
      headers: { ...type, ...headers },
      ...(text === undefined ? {} : { body: text }),
      ...(patienceMs === undefined ? {} : { signal: AbortSignal.timeout(patienceMs) }),
    });
    const answer = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text: answer,
      body: isJson ? JSON.parse(answer) : answer,
    };
  };
