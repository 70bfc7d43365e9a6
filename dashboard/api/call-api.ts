import type { Problem } from './problem.ts';

/** The API said no, or nobody answered (`status` 0). */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** What each call carries. */
export type Credentials = {
  /** The server's `admin_token`; undefined where it has none. */
  readonly token: string | undefined;
  /** `en` or `zh`: the language of the answer's sentences. */
  readonly language: string;
};

const TOKEN_KEY = 'rondo-token';

/** The token of this tab, which goes with it. */
export function keptToken(): string | undefined {
  return sessionStorage.getItem(TOKEN_KEY) ?? undefined;
}

/** Keeps a token until the tab is closed. */
export function keepToken(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token);
}

/** Drops a token that was refused. */
export function dropToken(): void {
  sessionStorage.removeItem(TOKEN_KEY);
}

/** Asks the API below the page's own address. Rejects with an ApiError; with the signal's reason when it is aborted. */
export async function request(
  path: string,
  { token, language }: Credentials,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('accept-language', language);
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const response = await send(new URL(`-/api/${path}`, document.baseURI), { ...init, headers });
  if (response.ok) return response;
  throw new ApiError(await problemOf(response));
}

/** The JSON at `path`. Rejects as `request` does. */
export async function getJson<T>(path: string, credentials: Credentials, signal?: AbortSignal): Promise<T> {
  const response = await request(path, credentials, signal === undefined ? {} : { signal });
  return readJson<T>(response);
}

/** The JSON that an order is answered with. Rejects as `request` does. */
export async function postJson<T>(path: string, credentials: Credentials, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await request(path, credentials, { method: 'POST', headers, body: JSON.stringify(body) });
  return readJson<T>(response);
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, cache: 'no-store', credentials: 'omit', redirect: 'error' });
  } catch (error) {
    init.signal?.throwIfAborted();
    throw new ApiError({ status: 0, message: error instanceof Error ? error.message : String(error) });
  }
}

async function readJson<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new ApiError({ status: response.status, message: String(error) });
  }
}

/** A problem document; what is none still has its status. */
async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  const body: unknown = await response.json().catch(() => undefined);
  const field = (name: string): string | undefined => {
    const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const message = field('message') ?? field('detail') ?? field('title') ?? `${status} ${statusText}`;
  return { status, code: field('code'), message, hint: field('hint') };
}

/** The problem of anything that was thrown. */
export function problemIn(error: unknown): Problem {
  return error instanceof ApiError ? error.problem : { status: 0, message: String(error) };
}
