import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exchangeBytes, fetchRaw } from '../../test/support/http-client.ts';
import { startProxy, WELL } from '../../test/support/proxy-fixture.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Reply } from '../proxy/reply.ts';
import { createServer } from './server.ts';

const LIST = '/example.org/m/@v/list';
const REPLY: Reply = {
  kind: 'bytes',
  bytes: Buffer.from('v1.0.0\n'),
  contentType: 'text/plain; charset=utf-8',
  maxAgeS: 60,
  cache: 'hit',
};
const reply = (): Promise<Reply> => Promise.resolve(REPLY);

/** What systems lead to loopback, too, and is no address of a machine. */
const NOBODYS = [
  '0.0.0.0:7070',
  '0.0.0.0',
  '[::]:7070',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]:7070',
  '[::ffff:0:0]',
];

describe('the name that a client asks for', () => {
  const WORDS = 'Host must be 127.0.0.1, [::1] or localhost, since Rondo listens there alone\n';

  test('on loopback a name that anybody can own is refused, for every path', async (t) => {
    const { url, asked, requests } = await startProxy(t, reply);
    for (const path of [LIST, '/', '/healthz', '/nothing']) {
      const answer = await fetchRaw(url + path, { headers: { host: 'rebound.example:7070' } });
      assert.deepEqual([answer.status, answer.body.toString()], [421, WORDS], path);
      assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    }
    assert.equal(asked.length, 0);
    assert.equal((await requests(1))[0]?.status, 421);
  });

  test('on loopback an address that is none of its own is refused: to such a one browsers do not say who asks', async (t) => {
    const { url, asked } = await startProxy(t, reply);
    for (const host of NOBODYS.concat('192.0.2.1:7070', '[2001:db8::1]')) {
      const answer = await fetchRaw(url + LIST, { headers: { host } });
      assert.deepEqual([answer.status, answer.body.toString()], [421, WORDS], host);
    }
    assert.equal(asked.length, 0);
  });

  test('on loopback addresses, localhost and no name at all are answered', async (t) => {
    const { url, port } = await startProxy(t, reply);
    for (const host of ['127.0.0.1', '127.8.9.1:1', 'localhost:1', '[::1]:7070', 'go.localhost']) {
      assert.equal((await fetchRaw(url + LIST, { headers: { host } })).status, 200, host);
    }
    const { bytes } = await exchangeBytes(`GET ${LIST} HTTP/1.0\r\n\r\n`, { port });
    assert.match(bytes.toString(), /^HTTP\/1\.1 200 /);
  });

  test('on every address of the machine any name will do, but no address that leads back to loopback', async (t) => {
    const proxy = createServer({
      answer: reply,
      admin: WELL,
      databases: () => [],
      instanceId: 'test1',
      basePath: '',
      settings: { urlBytes: 2048, headerBytes: 8192, errorsAs404: false },
      emit: () => undefined,
      clock: new VirtualClock(),
    });
    t.after(() => proxy.force());
    const { url } = await proxy.listen('0.0.0.0', 0);
    for (const host of ['goproxy.example', '192.0.2.1:7070', '[2001:db8::1]', '127.0.0.1', 'localhost'])
      assert.equal((await fetchRaw(url + LIST, { headers: { host } })).status, 200, host);
    for (const host of NOBODYS) {
      const { status, body } = await fetchRaw(url + LIST, { headers: { host } });
      assert.equal(status, 421, host);
      assert.match(body.toString(), /^Host is no machine's own address: ask by 127\.0\.0\.1, [^\n]+\n$/);
    }
  });
});
