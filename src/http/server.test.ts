import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exchangeBytes, fetchRaw, type RawAnswer } from '../../test/support/http-client.ts';
import { SERVER_SETTINGS, startProxy, WELL } from '../../test/support/proxy-fixture.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Reply } from '../proxy/reply.ts';

const LIST = '/example.org/m/@v/list';
const SUPPORTED = '/sumdb/sum.example.org/supported';
const REPLY: Reply = {
  kind: 'bytes',
  bytes: Buffer.from('v1.0.0\n'),
  contentType: 'text/plain; charset=utf-8',
  maxAgeS: 60,
  cache: 'hit',
};
const reply = (): Promise<Reply> => Promise.resolve(REPLY);

function failing(error: Error): () => Promise<Reply> {
  return async () => {
    throw error;
  };
}

describe('routes', () => {
  test('a module file and a database file reach the use cases, parsed', async (t) => {
    const { url, asked, requests } = await startProxy(t, reply);
    await fetchRaw(`${url}/github.com/!burnt!sushi/toml/@v/v1.0.0.zip?x=secret`);
    await fetchRaw(`${url}${SUPPORTED}`);
    assert.deepEqual(
      asked.map(({ file }) => file),
      [
        { kind: 'zip', module: 'github.com/BurntSushi/toml', version: 'v1.0.0' },
        { kind: 'sumdb-supported', db: 'sum.example.org' },
      ],
    );
    const [zip, supported] = await requests(2);
    assert.deepEqual([zip?.kind, zip?.path], ['zip', '/github.com/!burnt!sushi/toml/@v/v1.0.0.zip']);
    assert.deepEqual([supported?.kind, supported?.status], ['sumdb-supported', 200]);
    assert.notEqual(zip?.id, supported?.id);
  });

  test('the context tells of HEAD, Via and Disable-Module-Fetch', async (t) => {
    const { url, asked } = await startProxy(t, reply);
    await fetchRaw(url + LIST);
    const headers = { via: '1.1 rondo-other', 'disable-module-fetch': 'True' };
    await fetchRaw(url + LIST, { method: 'HEAD', headers });
    const seen = asked.map(({ context }) => [context.headOnly, context.fetchAllowed, context.via]);
    assert.deepEqual(seen, [
      [false, true, undefined],
      [true, false, '1.1 rondo-other'],
    ]);
  });

  test('of a Via only what instances of Rondo wrote goes on', async (t) => {
    const { url, asked } = await startProxy(t, reply);
    const via = `1.1 ${'x'.repeat(2000)}, 1.1 rondo-other, 1.1 rondo-${'y'.repeat(2000)}`;
    assert.equal((await fetchRaw(url + LIST, { headers: { via } })).status, 200);
    assert.equal(asked[0]?.context.via, '1.1 rondo-other');
  });

  test('a path that would be too long for mirrors is not found, the longest real ones are', async (t) => {
    const { url, asked } = await startProxy(t, reply, { settings: { urlBytes: 8192 } });
    const named = (query: string): Promise<RawAnswer> => fetchRaw(`${url}/example.org/m/@v/${query}.info`);
    // Sent raw as one character, asked for as three.
    const long = await named(Array.from({ length: 7 }, () => '^'.repeat(100)).join('/'));
    assert.deepEqual(
      [long.status, long.body.toString()],
      [404, 'not found: the path is too long for any mirror\n'],
    );
    assert.equal(asked.length, 0);
    assert.equal((await named(Array.from({ length: 6 }, () => '^'.repeat(100)).join('/'))).status, 200);
    const module = Array.from({ length: 8 }, () => 'a'.repeat(120)).join('/');
    assert.equal((await fetchRaw(`${url}/example.org/${module}/@v/v1.0.0.zip`)).status, 200);
  });

  const BAD = [
    '/nothing',
    '/example.org/m/@v/../../etc/passwd',
    '/example.org/m/@v/%2e%2e/v1.0.0.zip',
    '/example.org/M/@v/list',
    '/example.org/!!m/@v/list',
    '/example.org/m/@v/v1.0.0%00.zip',
    '/example.org/m/@v/v1.mod',
    '/sumdb/other.example.org/supported',
    '/-',
    '/-/',
    '/-/api',
    '/-/api/unknown',
  ];
  for (const path of BAD) {
    test(`${path} is not found, and nobody is asked`, async (t) => {
      const { port, asked } = await startProxy(t, reply);
      const { bytes } = await exchangeBytes(`GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`, { port });
      const text = bytes.toString();
      assert.match(text, /^HTTP\/1\.1 404 /);
      assert.match(text, /Content-Type: text\/plain; charset=utf-8\r\n/);
      assert.match(text, /Cache-Control: no-store\r\n/);
      assert.match(text, /\r\n\r\nnot found: [^\n]+\n( {2}[^\n]+\n)?$/);
      assert.equal(asked.length, 0);
    });
  }

  test('the absolute form of a target is understood', async (t) => {
    const { port, requests } = await startProxy(t, reply);
    const { bytes } = await exchangeBytes(
      `GET http://user:secret@localhost:7070${LIST} HTTP/1.1\r\nConnection: close\r\n\r\n`,
      { port },
    );
    assert.match(bytes.toString(), /^HTTP\/1\.1 200 /);
    assert.equal((await requests(1))[0]?.path, LIST);
  });

  test('a base path stands before everything and is not part of what is asked', async (t) => {
    const { url, asked, port } = await startProxy(t, reply, { basePath: 'go/proxy/' });
    assert.ok(url.endsWith(`:${port}/go/proxy`));
    assert.equal((await fetchRaw(url + LIST)).status, 200);
    assert.equal((await fetchRaw(`${url}/healthz`)).status, 200);
    assert.equal(asked.length, 1);
    const outside = await fetchRaw(`http://127.0.0.1:${port}${LIST}`);
    assert.deepEqual(
      [outside.status, outside.body.toString()],
      [404, 'not found: everything here is below /go/proxy/\n'],
    );
  });
});

describe("Rondo's own pages", () => {
  test('the first page tells how to use it, by the address that the client knows', async (t) => {
    const { url, port } = await startProxy(t, reply, { basePath: '/go' });
    const page = (await fetchRaw(`${url}/`)).body.toString();
    assert.match(page, /^Rondo 1\.2\.3, /);
    assert.ok(page.includes(`\n  go env -w GOPROXY=http://127.0.0.1:${port}/go,direct\n`), page);
    for (const path of ['/healthz', '/readyz', '/version', '/metrics']) {
      assert.match(page, new RegExp(`^  /go${path} `, 'm'));
      assert.equal((await fetchRaw(url + path)).status, 200);
    }
    assert.equal((await fetchRaw(url)).body.toString(), page, 'with or without the slash');
    const bare = await exchangeBytes('GET /go/ HTTP/1.0\r\n\r\n', { port });
    assert.ok(bare.bytes.toString().includes(`GOPROXY=http://127.0.0.1:${port}/go,direct\n`));
  });

  test('below /-/ a page that does not exist is said to be none', async (t) => {
    const { url } = await startProxy(t, reply);
    for (const path of ['/-', '/-/', '/-/api', '/-/api/']) {
      const { status, body } = await fetchRaw(url + path);
      const words = 'not found: Rondo has no such page: / lists those it has\n';
      assert.deepEqual([status, body.toString()], [404, words], path);
    }
  });

  const PAGES: readonly (readonly [string, string, RegExp])[] = [
    ['/', 'text/plain; charset=utf-8', /GOPROXY=/],
    ['/healthz', 'text/plain; charset=utf-8', /^ok\n$/],
    ['/health', 'text/plain; charset=utf-8', /^ok\n$/],
    ['/readyz', 'text/plain; charset=utf-8', /^ready\n$/],
    ['/version', 'application/json', /"version": "1\.2\.3"/],
    ['/.well-known/go-proxy-sync', 'application/json', /"last_synced_at": 1767225600\b/],
    ['/metrics', 'text/plain; version=0.0.4', /^rondo_up 1\n$/],
  ];
  for (const [path, contentType, body] of PAGES) {
    test(path, async (t) => {
      const { url, requests } = await startProxy(t, reply);
      const got = await fetchRaw(url + path);
      assert.equal(got.status, 200);
      assert.equal(got.headers['content-type'], contentType);
      assert.equal(got.headers['cache-control'], 'no-store');
      assert.match(got.body.toString(), body);
      const head = await fetchRaw(url + path, { method: 'HEAD' });
      assert.deepEqual(
        [head.status, head.body.length, head.headers['content-length']],
        [200, 0, String(got.body.length)],
      );
      assert.equal((await requests(1))[0]?.kind, 'other');
    });
  }

  test('say what is amiss although Rondo is ready', async (t) => {
    const admin = { ...WELL, ready: () => Promise.resolve({ ready: true, why: 'no mirror may be asked' }) };
    const { url } = await startProxy(t, reply, { admin });
    const { status, body } = await fetchRaw(`${url}/readyz`);
    assert.deepEqual([status, body.toString()], [200, 'ready, but no mirror may be asked\n']);
  });

  test('say when Rondo is not ready, and when they fail', async (t) => {
    const admin = {
      ...WELL,
      ready: () => Promise.resolve({ ready: false, why: 'the copy cannot be written' }),
      metrics: () => Promise.reject(new Error('password=1')),
    };
    const { url, requests } = await startProxy(t, reply, { admin });
    const unready = await fetchRaw(`${url}/readyz`);
    assert.deepEqual(
      [unready.status, unready.body.toString()],
      [503, 'not ready: the copy cannot be written\n'],
    );
    const failed = await fetchRaw(`${url}/metrics`);
    assert.equal(failed.status, 500);
    const [, event] = await requests(2);
    assert.equal(
      failed.body.toString(),
      `an error inside Rondo\nhint: look for request ${event?.id} in Rondo's log and report it\n`,
    );
    assert.equal(event?.error, 'password=1');
  });
});

describe('errors', () => {
  test('an outage has its status, its words, and when to come back', async (t) => {
    const error = new RondoError('E_NO_ELIGIBLE_MIRROR', 'no mirror may be asked now', {
      details: ['a: UNHEALTHY for 12 s'],
      hint: 'wait',
      retryAfterMs: 12_300,
      tried: 'a: 503 für \u00e4 (12 ms)',
    });
    const { url, requests } = await startProxy(t, failing(error));
    const answer = await fetchRaw(url + LIST);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '13');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['x-rondo-cache'], 'miss');
    assert.equal(answer.headers['x-rondo-tried'], 'a: 503 f?r ? (12 ms)');
    assert.equal(answer.headers.vary, undefined);
    assert.equal(answer.body.toString(), 'no mirror may be asked now\na: UNHEALTHY for 12 s\nhint: wait\n');
    const [event] = await requests(1);
    assert.deepEqual([event?.status, event?.error], [503, 'no mirror may be asked now']);
    assert.equal(event?.tried, 'a: 503 für \u00e4 (12 ms)');
  });

  test('errorsAs404 answers an outage 404 in words that are no answer', async (t) => {
    const { url } = await startProxy(t, failing(new RondoError('E_NO_MIRROR', 'all failed')), {
      settings: { errorsAs404: true },
    });
    const answer = await fetchRaw(url + LIST);
    assert.deepEqual(
      [answer.status, answer.body.toString()],
      [404, 'not found: temporarily unavailable: all failed\n'],
    );
  });

  test('other settings count from the next request on, for headers from the next connection on', async (t) => {
    const { proxy, url } = await startProxy(t, failing(new RondoError('E_NO_MIRROR', 'all failed')));
    const long = `/example.org/${'m'.repeat(3000)}/@v/list`;
    const padded = { headers: { 'x-pad': 'y'.repeat(12_000) } };
    const statuses = async (): Promise<number[]> => [
      (await fetchRaw(url + LIST)).status,
      (await fetchRaw(url + long)).status,
      (await fetchRaw(url + LIST, padded)).status,
    ];
    assert.deepEqual(await statuses(), [502, 414, 431]);
    proxy.replace({ urlBytes: 4096, headerBytes: 16_384, errorsAs404: true });
    assert.deepEqual(await statuses(), [404, 404, 404]);
    proxy.replace(SERVER_SETTINGS);
    assert.deepEqual(await statuses(), [502, 414, 431]);
  });

  test('a miss with Disable-Module-Fetch varies by it', async (t) => {
    const { url } = await startProxy(t, failing(new RondoError('E_OFFLINE', 'offline, not in the copy')));
    const answer = await fetchRaw(url + LIST, { headers: { 'disable-module-fetch': 'true' } });
    assert.deepEqual(
      [answer.status, answer.headers.vary, answer.headers['x-rondo-cache'], answer.body.toString()],
      [404, 'Disable-Module-Fetch', 'miss', 'not found: offline, not in the copy\n'],
    );
  });

  test('the question for a database is 404 whatever happens', async (t) => {
    const { url } = await startProxy(t, failing(new Error('boom')));
    assert.equal((await fetchRaw(url + SUPPORTED)).status, 404);
  });

  test('a use case that throws at once is answered too', async (t) => {
    const { url } = await startProxy(t, () => {
      throw new RondoError('E_REFUSED', 'every mirror refused it');
    });
    assert.equal((await fetchRaw(url + LIST)).status, 403);
  });
});

describe('loops', () => {
  test('a request that was here before is refused, with one notice a minute', async (t) => {
    const clock = new VirtualClock();
    const { url, asked, events } = await startProxy(t, reply, { clock });
    const notices = (): number => events.filter((event) => event.type === 'notice').length;
    const headers = { via: '1.1 rondo-other, 1.1 rondo-test1' };
    for (const path of [LIST, LIST, '/example.org/m/@v/v1.0.0.zip']) {
      const answer = await fetchRaw(url + path, { headers });
      assert.equal(answer.status, 508);
      assert.match(answer.body.toString(), /already been here[^]*\nhint: /);
    }
    assert.equal(notices(), 1);
    await clock.advance(60_000);
    assert.equal((await fetchRaw(url + SUPPORTED, { headers })).status, 404);
    assert.equal(notices(), 2);
    assert.equal(asked.length, 0);
    assert.equal((await fetchRaw(`${url}/healthz`, { headers })).status, 200);
  });
});
