import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { fetchRaw } from '../../test/support/http-client.ts';
import { startProxy } from '../../test/support/proxy-fixture.ts';
import type { Reply } from '../proxy/reply.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { StoredFile } from '../store/store.ts';

const CONTENT = Buffer.from('0123456789abcdef');
const MODIFIED_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const ETAG = '"16-5"';
const MOD = '/example.org/m/@v/v1.0.0.mod';
const TEXT = 'text/plain; charset=utf-8';

function storedFile(inMemory: boolean): StoredFile {
  return {
    sizeBytes: CONTENT.length,
    etag: ETAG,
    modifiedMs: MODIFIED_MS,
    ...(inMemory ? { bytes: CONTENT } : undefined),
    open: (range) => {
      assert.ok(!inMemory, 'what is in memory is not opened');
      return Readable.from([CONTENT.subarray(range?.start ?? 0, (range?.end ?? CONTENT.length - 1) + 1)]);
    },
  };
}

async function* chunks(): AsyncGenerator<Buffer> {
  yield CONTENT.subarray(0, 5);
  yield Buffer.alloc(0);
  yield CONTENT.subarray(5);
}

for (const inMemory of [true, false]) {
  describe(`a file ${inMemory ? 'in memory' : 'on disk'}`, () => {
    const reply: Reply = {
      kind: 'file',
      file: storedFile(inMemory),
      contentType: TEXT,
      cache: 'hit',
      mirror: 'goproxy.cn',
    };

    test('is whole, with its validators and where it came from', async (t) => {
      const { url } = await startProxy(t, async () => reply);
      const { status, headers, body } = await fetchRaw(url + MOD);
      assert.equal(status, 200);
      assert.deepEqual(body, CONTENT);
      assert.equal(headers['content-length'], '16');
      assert.equal(headers['content-type'], TEXT);
      assert.equal(headers.etag, ETAG);
      assert.equal(headers['last-modified'], 'Fri, 02 Jan 2026 03:04:05 GMT');
      assert.equal(headers['accept-ranges'], 'bytes');
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['x-rondo-cache'], 'hit');
      assert.equal(headers['x-rondo-mirror'], 'goproxy.cn');
      assert.match(String(headers['server-timing']), /^total;dur=[\d.]+$/);
    });

    test('has the same head and no body for HEAD', async (t) => {
      const { url } = await startProxy(t, async () => reply);
      const got = await fetchRaw(url + MOD);
      const head = await fetchRaw(url + MOD, { method: 'HEAD' });
      assert.equal(head.body.length, 0);
      for (const name of Object.keys(got.headers)) {
        if (name !== 'date' && name !== 'server-timing')
          assert.equal(head.headers[name], got.headers[name], name);
      }
    });

    test('is not sent again to who has it', async (t) => {
      const { url } = await startProxy(t, async () => reply);
      for (const method of ['GET', 'HEAD']) {
        const answer = await fetchRaw(url + MOD, { method, headers: { 'if-none-match': ETAG } });
        assert.equal(answer.status, 304);
        assert.equal(answer.body.length, 0);
        assert.equal(answer.headers.etag, ETAG);
        assert.equal(answer.headers['x-rondo-cache'], 'hit');
      }
    });

    test('gives one part of itself', async (t) => {
      const { url, requests } = await startProxy(t, async () => reply);
      const { status, headers, body } = await fetchRaw(url + MOD, { headers: { range: 'bytes=10-' } });
      assert.equal(status, 206);
      assert.equal(body.toString(), 'abcdef');
      assert.equal(headers['content-range'], 'bytes 10-15/16');
      assert.equal(headers['content-length'], '6');
      assert.equal((await requests(1))[0]?.bytes, 6);
    });

    test('is whole for several ranges, for HEAD with a range, and where If-Range names another', async (t) => {
      const { url } = await startProxy(t, async () => reply);
      const several = await fetchRaw(url + MOD, { headers: { range: 'bytes=0-1,4-5' } });
      assert.deepEqual([several.status, several.body], [200, CONTENT]);
      const head = await fetchRaw(url + MOD, { method: 'HEAD', headers: { range: 'bytes=0-1' } });
      assert.deepEqual([head.status, head.headers['content-length']], [200, '16']);
      const other = await fetchRaw(url + MOD, { headers: { range: 'bytes=0-1', 'if-range': '"x"' } });
      assert.deepEqual([other.status, other.body], [200, CONTENT]);
    });

    test('says what it has when asked for what it has not', async (t) => {
      const { url } = await startProxy(t, async () => reply);
      const { status, headers, body } = await fetchRaw(url + MOD, { headers: { range: 'bytes=16-' } });
      assert.equal(status, 416);
      assert.equal(headers['content-range'], 'bytes */16');
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(body.toString(), 'the file has only 16 bytes\n');
      const failed = await fetchRaw(url + MOD, { headers: { 'if-match': '"x"' } });
      assert.equal(failed.status, 412);
    });
  });
}

describe('Cache-Control of a file', () => {
  const file = storedFile(true);
  const cases: readonly (readonly [string, string])[] = [
    ['/example.org/m/@v/v1.0.0.info', 'public, max-age=31536000, immutable'],
    ['/example.org/m/@v/v1.0.0.zip', 'public, max-age=31536000, immutable'],
    ['/sumdb/sum.example.org/tile/8/0/000', 'public, max-age=31536000, immutable'],
    ['/sumdb/sum.example.org/tile/8/0/000.p/7', 'public, max-age=86400'],
    ['/sumdb/sum.example.org/lookup/example.org/m@v1.0.0', 'public, max-age=86400'],
    ['/sumdb/sum.example.org/latest', 'public, max-age=60'],
  ];
  for (const [path, expected] of cases) {
    test(path, async (t) => {
      const { url } = await startProxy(t, async () => ({
        kind: 'file',
        file,
        contentType: TEXT,
        cache: 'hit',
      }));
      assert.equal((await fetchRaw(url + path)).headers['cache-control'], expected);
    });
  }
});

describe('bytes', () => {
  const ages: readonly (readonly [number | 'immutable', string])[] = [
    [0, 'no-store'],
    [-3, 'no-store'],
    [0.9, 'no-store'],
    [59.7, 'public, max-age=59'],
    ['immutable', 'public, max-age=31536000, immutable'],
  ];
  for (const [maxAgeS, expected] of ages) {
    test(`of age ${maxAgeS}`, async (t) => {
      const { url } = await startProxy(t, async () => ({
        kind: 'bytes',
        bytes: CONTENT,
        contentType: TEXT,
        maxAgeS,
        cache: 'stale',
        mirror: '镜像\n1',
        timings: [{ name: 'upstream', ms: 12.345 }],
      }));
      const { status, headers, body } = await fetchRaw(`${url}/example.org/m/@v/list`, {
        headers: { range: 'bytes=0-1', 'if-none-match': '*' },
      });
      assert.equal(status, 200, 'conditions and ranges are for files');
      assert.deepEqual(body, CONTENT);
      assert.equal(headers['cache-control'], expected);
      assert.equal(headers['x-rondo-cache'], 'stale');
      assert.equal(headers['x-rondo-mirror'], '???1');
      assert.match(String(headers['server-timing']), /^upstream;dur=12.3, total;dur=[\d.]+$/);
    });
  }

  test('none at all are a whole answer, and HEAD has their length', async (t) => {
    const lists = [Buffer.alloc(0), CONTENT];
    const { url } = await startProxy(t, async () => ({
      kind: 'bytes',
      bytes: lists.shift() ?? Buffer.alloc(0),
      contentType: TEXT,
      maxAgeS: 60,
      cache: 'miss',
    }));
    const empty = await fetchRaw(`${url}/example.org/m/@v/list`);
    assert.deepEqual([empty.status, empty.complete, empty.headers['content-length']], [200, true, '0']);
    const head = await fetchRaw(`${url}/example.org/m/@v/list`, { method: 'HEAD' });
    assert.deepEqual([head.body.length, head.headers['content-length']], [0, '16']);
  });
});

describe('a stream', () => {
  test('of known length arrives whole, without validators', async (t) => {
    const { url } = await startProxy(t, async () => ({
      kind: 'stream',
      body: chunks(),
      contentLength: 16,
      contentType: 'application/zip',
      cache: 'miss',
    }));
    const answer = await fetchRaw(`${url}/example.org/m/@v/v1.0.0.zip`, { headers: { range: 'bytes=0-1' } });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, CONTENT);
    assert.equal(answer.headers['content-length'], '16');
    assert.equal(answer.headers.etag, undefined);
    assert.equal(answer.headers['accept-ranges'], undefined);
  });

  test('of unknown length is chunked', async (t) => {
    const { url, requests } = await startProxy(t, async () => ({
      kind: 'stream',
      body: chunks(),
      contentType: 'application/zip',
      cache: 'coalesced',
    }));
    const answer = await fetchRaw(`${url}/example.org/m/@v/v1.0.0.zip`);
    assert.deepEqual([answer.status, answer.complete, answer.body], [200, true, CONTENT]);
    assert.equal(answer.headers['transfer-encoding'], 'chunked');
    const [event] = await requests(1);
    assert.deepEqual([event?.bytes, event?.aborted, event?.cache], [16, false, 'coalesced']);
  });

  test('answers HEAD without being read', async (t) => {
    let read = false;
    async function* watched(): AsyncGenerator<Buffer> {
      read = true;
      yield CONTENT;
    }
    let signal: AbortSignal | undefined;
    const { url } = await startProxy(t, async (_file, context) => {
      ({ signal } = context);
      return { kind: 'stream', body: watched(), contentLength: 16, contentType: TEXT, cache: 'miss' };
    });
    const head = await fetchRaw(url + MOD, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length'], read], [200, '16', false]);
    assert.equal(signal?.aborted, true, 'whoever made the body knows that nobody reads it');
  });
});

describe('the head of a cold file', () => {
  test('has a length where the mirror told one', async (t) => {
    const lengths = [16, undefined];
    const { url } = await startProxy(t, async () => {
      const contentLength = lengths.shift();
      return {
        kind: 'head',
        contentType: 'application/zip',
        cache: 'miss',
        ...(contentLength === undefined ? undefined : { contentLength }),
      };
    });
    const told = await fetchRaw(url + MOD, { method: 'HEAD' });
    assert.deepEqual([told.status, told.headers['content-length']], [200, '16']);
    const untold = await fetchRaw(url + MOD, { method: 'HEAD' });
    assert.deepEqual([untold.status, untold.headers['content-length']], [200, undefined]);
  });

  test('is never taken for an answer to GET', async (t) => {
    const { url } = await startProxy(t, async () => ({ kind: 'head', contentType: TEXT, cache: 'miss' }));
    const answer = await fetchRaw(url + MOD);
    assert.equal(answer.status, 500);
    assert.match(answer.body.toString(), /^a GET was answered as a HEAD\n/);
  });
});

test('a file that was given up after it was found is asked for once more', async (t) => {
  const vanished = { ...storedFile(false), open: () => failing('E_STORE') };
  const replies: Reply[] = [
    { kind: 'file', file: vanished, contentType: TEXT, cache: 'hit' },
    { kind: 'stream', body: chunks(), contentType: TEXT, cache: 'miss', contentLength: CONTENT.length },
    { kind: 'file', file: vanished, contentType: TEXT, cache: 'hit' },
    { kind: 'file', file: vanished, contentType: TEXT, cache: 'hit' },
    { kind: 'file', file: { ...vanished, open: () => failing('E_BUG') }, contentType: TEXT, cache: 'hit' },
  ];
  const { url, asked } = await startProxy(t, async () => replies.shift() ?? assert.fail('asked too often'));
  const found = await fetchRaw(url + MOD);
  assert.deepEqual([found.status, found.body], [200, CONTENT]);
  assert.equal(found.headers['x-rondo-cache'], 'miss');
  assert.equal((await fetchRaw(url + MOD)).status, 500);
  assert.equal(asked.length, 4, 'once more, and no more often');
  assert.equal((await fetchRaw(url + MOD)).status, 500);
  assert.equal(asked.length, 5, 'only where the file is gone');
});

function failing(code: 'E_STORE' | 'E_BUG'): Readable {
  return new Readable({
    read() {
      this.destroy(new RondoError(code, 'no such file'));
    },
  });
}
