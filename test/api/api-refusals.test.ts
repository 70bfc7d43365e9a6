import '../support/loopback-only.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { createApi } from '../../src/api/create-api.ts';
import type { ApiPorts } from '../../src/api/ports.ts';
import { PROBLEM } from '../../src/api/schemas.ts';
import { RondoError } from '../../src/errors/rondo-error.ts';
import { fetchRaw, type RawAnswer } from '../support/http-client.ts';
import { startProxy } from '../support/proxy-fixture.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { apiServer, TOKEN } from './api-server.ts';
import { broken, BROKEN } from './broken-ports.ts';
import { describe, type DescribedCall } from './described.ts';

/** With limits of clients, loopback or not: then its own pages have one, too. */
const LIMITED = { RONDO_LIMITS_RATE: '1/m', RONDO_LIMITS_LOOPBACK: 'true' };
/** Somebody elsewhere, of whom this Rondo knows nothing. */
const STRANGER = { 'x-forwarded-for': '203.0.113.9' };
/** More than a stranger may ask for ahead, and in the time that it takes to ask. */
const FLOOD = 1000;

/** What a call needs to be answered, beside its path. */
const QUERIES: Readonly<Record<string, string>> = { '/-/api/modules/versions': 'module=example.com/m' };
const BODIES: Readonly<Record<string, object>> = {
  '/-/api/mirrors/{name}': { weight: 20 },
  '/-/api/purge': { module: 'example.com/m' },
};

/** What is asked in another way than a right client would. */
type Mistake = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: string;
  readonly mirror?: string;
};

function ask(url: string, { method, path }: DescribedCall, mistake: Mistake = {}): Promise<RawAnswer> {
  const { query = QUERIES[path], mirror = 'a', headers } = mistake;
  const target = path.replace('{name}', mirror) + (query === undefined ? '' : `?${query}`);
  if (method === 'get') return fetchRaw(`${url}${target}`, headers === undefined ? {} : { headers });
  return fetchRaw(`${url}${target}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: mistake.body ?? JSON.stringify(BODIES[path] ?? {}),
  });
}

/** How a call is brought to a status; undefined where that is not how it gets there. */
type Provoke = (call: DescribedCall) => Promise<RawAnswer> | undefined;

/** Servers that differ, and what brings each of their calls to a status. */
async function provocations(t: Cleanup, plain: string): Promise<readonly (readonly [number, Provoke])[]> {
  const withPorts = async (ports: Partial<ApiPorts>): Promise<string> => {
    const api = createApi({ ...BROKEN, ...ports }, { version: '0.0.0', basePath: '' });
    return (await startProxy(t, broken, { api })).url;
  };
  const withToken = (await apiServer(t, { RONDO_SERVER_ADMIN_TOKEN: TOKEN })).url;
  const flooded = async (status: number): Promise<Provoke> => {
    const { url } = await apiServer(t, { ...LIMITED, RONDO_LIMITS_STATUS: String(status) });
    return async (call) => {
      let answer = await ask(url, call, { headers: STRANGER });
      for (let more = 0; more < FLOOD && answer.status !== status; more += 1)
        answer = await ask(url, call, { headers: STRANGER });
      return answer;
    };
  };
  const error = new RondoError('E_CONFIG', 'it is wrong');
  const misconfigured = await withPorts({ reload: () => Promise.resolve({ kind: 'refused', error }) });
  const unchanging = await withPorts({ reload: undefined });
  const brokenUrl = await withPorts({});
  const onPost =
    (mistake: Mistake): Provoke =>
    (call) =>
      call.method === 'post' ? ask(plain, call, mistake) : undefined;
  const at =
    (path: string, mistake: Mistake, url = plain): Provoke =>
    (call) =>
      call.path === path ? ask(url, call, mistake) : undefined;
  const every =
    (url: string, mistake: Mistake = {}): Provoke =>
    (call) =>
      ask(url, call, mistake);
  return [
    [400, onPost({ body: '{' })],
    [400, onPost({ body: '{"no":"key"}' })],
    [400, at('/-/api/modules', { query: 'limit=-1' })],
    [400, at('/-/api/modules/versions', { query: 'x=1' })],
    [400, at('/-/api/history', { query: 'since=91d' })],
    [401, every(withToken, { headers: STRANGER })],
    [403, every(plain, { headers: { origin: 'https://evil.example' } })],
    [404, at('/-/api/mirrors/{name}', { mirror: 'nobody' })],
    [404, at('/-/api/modules', { query: 'after=..%2F..' })],
    [404, at('/-/api/modules/versions', { query: 'module=..%2F..' })],
    [404, at('/-/api/purge', { body: '{"module":"../../etc"}' })],
    [404, at('/-/api/reload', {}, unchanging)],
    [413, onPost({ body: JSON.stringify({ module: 'x'.repeat(20_000) }) })],
    [414, every(plain, { query: 'x'.repeat(9000) })],
    [415, onPost({ headers: { 'content-type': 'text/plain' } })],
    [421, every(plain, { headers: { host: 'rebound.example' } })],
    [422, at('/-/api/reload', {}, misconfigured)],
    [429, await flooded(429)],
    [500, (call) => (/events|openapi/.test(call.path) ? undefined : ask(brokenUrl, call))],
    [503, await flooded(503)],
  ];
}

test('every refusal of every call is described, and every one that is described comes', async (context) => {
  const t = reverseCleanup(context);
  const { url } = await apiServer(t);
  const { calls } = await describe(url);
  const came = new Set<string>();
  for (const [status, provoke] of await provocations(t, url)) {
    for (const call of calls) {
      const answer = await provoke(call);
      if (answer === undefined) continue;
      const what = `${status} of ${call.method} ${call.path}`;
      assert.equal(answer.status, status, `${what}: ${answer.body.toString()}`);
      const described = call.answers.get(status);
      assert.ok(described !== undefined, `${what} is not described`);
      const [type = ''] = String(answer.headers['content-type']).split(';');
      assert.ok(type in described.content, `${what} is ${type}`);
      if (type !== 'text/plain') {
        const problem = z.object({ status: z.literal(status) }).and(PROBLEM);
        problem.parse(JSON.parse(answer.body.toString()));
      }
      for (const header of Object.keys(described.headers ?? {}))
        assert.ok(header.toLowerCase() in answer.headers, `${what} has no ${header}`);
      came.add(what);
    }
  }
  const described = calls.flatMap(({ method, path, answers }) =>
    [...answers.keys()].filter((status) => status !== 200).map((status) => `${status} of ${method} ${path}`),
  );
  assert.deepEqual([...came].toSorted(), described.toSorted());
  assert.ok(described.length > 90, String(described.length));
});

test('who would rather have a line of text has one, as it is described', async (context) => {
  const { url } = await apiServer(reverseCleanup(context));
  const { calls } = await describe(url);
  for (const call of calls) {
    const headers = { accept: 'text/plain', origin: 'https://evil.example' };
    const answer = await ask(url, call, { headers });
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8', call.path);
    assert.ok('text/plain' in (call.answers.get(403)?.content ?? {}), call.path);
  }
});
