import '../support/loopback-only.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RondoEvent } from '../../src/events/events.ts';
import { exchangeBytes, fetchRaw, orderOf, type RawRequest } from '../support/http-client.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { until } from '../support/until.ts';
import { apiServer, TOKEN } from './api-server.ts';

const FOREIGN: readonly (readonly [number, Readonly<Record<string, string>>])[] = [
  [403, { origin: 'https://evil.example' }],
  [403, { origin: 'null' }],
  [403, { origin: 'http://127.0.0.1:1' }],
  [403, { 'sec-fetch-site': 'cross-site' }],
  [403, { 'sec-fetch-site': 'same-site' }],
  [403, { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }],
  [403, { 'x-forwarded-for': '127.0.0.1' }],
  [403, { forwarded: 'for=127.0.0.1' }],
  [403, { 'x-real-ip': '127.0.0.1' }],
  [403, { 'x-forwarded-host': 'localhost' }],
  [403, { 'x-original-forwarded-for': '203.0.113.9' }],
  [403, { 'x-envoy-external-address': '203.0.113.9' }],
  [403, { 'fastly-client-ip': '203.0.113.9' }],
  [403, { 'cf-connecting-ip': '127.0.0.1' }],
  [403, { via: '1.1 proxy' }],
  [421, { host: 'rebound.example' }],
  [421, { host: '127.0.0.1.rebound.example' }],
  [421, { host: 'localhost.rebound.example' }],
  [421, { host: '0.0.0.0' }],
  [421, { host: '[::ffff:127.0.0.1]' }],
  [421, { host: '192.0.2.1' }],
];

test('who is not of this machine, or a page of another origin, reads nothing and changes nothing', async (context) => {
  const { app, url } = await apiServer(reverseCleanup(context));
  const reloads: RondoEvent[] = [];
  app.bus.subscribe((event) => {
    if (event.type === 'reload') reloads.push(event);
  });
  for (const [status, headers] of FOREIGN) {
    for (const path of ['status', 'config', 'events', 'openapi.json', 'nothing']) {
      const answer = await fetchRaw(`${url}/-/api/${path}`, { headers });
      assert.equal(answer.status, status, `${path} ${JSON.stringify(headers)}`);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
    const order = await fetchRaw(`${url}/-/api/reload`, orderOf({}, headers));
    assert.equal(order.status, status, JSON.stringify(headers));
  }
  assert.deepEqual(reloads, []);
  assert.equal((await fetchRaw(`${url}/-/api/reload`, orderOf({}))).status, 200);
  assert.equal(reloads.length, 1);
});

test('what a form can send is no order', async (context) => {
  const { url } = await apiServer(reverseCleanup(context));
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
  ];
  for (const type of [...types, 'application/jsonp', '']) {
    const headers = type === '' ? {} : { 'content-type': type };
    const answer = await fetchRaw(`${url}/-/api/reload`, { method: 'POST', headers, body: '{}' });
    assert.equal(answer.status, 415, type);
  }
  const own = {
    origin: url,
    'sec-fetch-site': 'same-origin',
    'content-type': 'Application/JSON; charset=utf-8',
  };
  assert.equal((await fetchRaw(`${url}/-/api/reload`, orderOf({}, own))).status, 200);
});

test('a proxy on this machine that hides its clients, as nginx does unless told otherwise, is none of them', async (context) => {
  const { url } = await apiServer(reverseCleanup(context));
  const port = Number(new URL(url).port);
  const ask = async (version: string, headers = ''): Promise<string> => {
    const head = `GET /-/api/status HTTP/${version}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n`;
    const { bytes } = await exchangeBytes(`${head}${headers}\r\n`, { port });
    return bytes.toString().slice(0, 12);
  };
  assert.equal(await ask('1.1'), 'HTTP/1.1 200');
  assert.equal(await ask('1.0'), 'HTTP/1.1 403');
  assert.equal(await ask('0.9'), 'HTTP/1.1 403');
  // What a client sends before it does not keep a header of the proxy from being seen: all are read, or none is answered.
  const proxied = ['X-Forwarded-For: 203.0.113.9\r\n', 'Origin: https://evil.example\r\n'];
  for (const last of proxied) {
    assert.equal(await ask('1.1', 'a:\r\n'.repeat(197) + last), 'HTTP/1.1 403');
    for (const count of [198, 199, 3000])
      assert.equal(await ask('1.1', 'a:\r\n'.repeat(count) + last), 'HTTP/1.1 431');
  }
});

test('where a token is set, this machine is asked for it as well', async (context) => {
  const { url } = await apiServer(reverseCleanup(context), { RONDO_SERVER_ADMIN_TOKEN: TOKEN });
  for (const path of ['status', 'config', 'events', 'openapi.json', 'nothing']) {
    const { status, body } = await fetchRaw(`${url}/-/api/${path}`);
    assert.equal(status, 401, path);
    assert.match(body.toString(), /the API asks for the token of this Rondo/);
  }
  assert.equal((await fetchRaw(`${url}/-/api/reload`, orderOf({}))).status, 401);
  const own = { authorization: `Bearer ${TOKEN}` };
  assert.equal((await fetchRaw(`${url}/-/api/reload`, orderOf({}, own))).status, 200);
  for (const path of ['/healthz', '/metrics', '/'])
    assert.equal((await fetchRaw(url + path)).status, 200, path);
});

test('with the token from anywhere, by any name; with another one from nowhere else', async (context) => {
  const { url } = await apiServer(reverseCleanup(context), { RONDO_SERVER_ADMIN_TOKEN: TOKEN });
  const far = { 'x-forwarded-for': '203.0.113.9', host: 'rondo.example' };
  const ask = (authorization: string | undefined): Promise<number> =>
    fetchRaw(`${url}/-/api/status`, {
      headers: { ...far, ...(authorization === undefined ? {} : { authorization }) },
    }).then(({ status }) => status);
  assert.equal(await ask(`Bearer ${TOKEN}`), 200);
  assert.equal(await ask(`bearer  ${TOKEN}`), 200);
  for (const wrong of [
    undefined,
    '',
    'Bearer',
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Basic ${TOKEN}`,
  ])
    assert.equal(await ask(wrong), 401, wrong ?? 'none');
  const refused = await fetchRaw(`${url}/-/api/status`, { headers: far });
  assert.equal(refused.headers['www-authenticate'], 'Bearer realm="rondo"');
  const evil = { ...far, authorization: `Bearer ${TOKEN}`, origin: 'https://evil.example' };
  assert.equal((await fetchRaw(`${url}/-/api/status`, { headers: evil })).status, 403);
});

test('other methods, long bodies and no JSON are refused as what they are', async (context) => {
  const { url } = await apiServer(reverseCleanup(context));
  const ask = async (path: string, request: RawRequest): Promise<number> =>
    (await fetchRaw(`${url}/-/api/${path}`, request)).status;
  const json = { 'content-type': 'application/json' };
  for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await fetchRaw(`${url}/-/api/status`, { method });
    assert.deepEqual([answer.status, answer.headers['allow']], [405, 'GET, HEAD'], method);
  }
  const preflight = { 'access-control-request-method': 'POST', origin: 'https://evil.example' };
  assert.equal(await ask('reload', { method: 'OPTIONS', headers: preflight }), 403);
  assert.equal(await ask('reload', {}), 405);
  assert.equal(await ask('status', { method: 'POST', headers: json, body: '{}' }), 405);
  assert.equal(await ask('events', { method: 'HEAD' }), 405);
  const head = await fetchRaw(`${url}/-/api/status`, { method: 'HEAD' });
  assert.deepEqual([head.status, head.body.length], [200, 0]);
  assert.equal(await ask('reload', { method: 'POST', headers: json, body: '{' }), 400);
  assert.equal(await ask('reload', { method: 'POST', headers: json, body: '[]' }), 400);
  assert.equal(
    await ask('purge', { method: 'POST', headers: json, body: '{"__proto__":{"module":"a.b/c"}}' }),
    400,
  );
  const length =
    'POST /-/api/reload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n';
  const huge = await exchangeBytes(length, { port: Number(new URL(url).port) });
  assert.match(huge.bytes.toString(), /^HTTP\/1\.1 413 /);
  const chunk = `8000\r\n${' '.repeat(0x8000)}\r\n`;
  const chunked = length.replace('Content-Length: 1000000000', 'Transfer-Encoding: chunked') + chunk;
  const endless = await exchangeBytes(chunked, { port: Number(new URL(url).port) });
  assert.match(endless.bytes.toString(), /^HTTP\/1\.1 413 /);
});

test('orders of odd shapes are refused at once, and take nothing away', async (context) => {
  const { url } = await apiServer(reverseCleanup(context));
  assert.equal((await fetchRaw(`${url}/example.com/m/@v/v1.0.0.mod`)).status, 200);
  const kept = async (): Promise<boolean> =>
    (await fetchRaw(`${url}/-/api/modules`)).body.toString().includes('"example.com/m"');
  await until('the index knows it', kept);
  const post = async (path: string, body: string): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    return (await fetchRaw(`${url}/-/api/${path}`, { method: 'POST', headers, body })).status;
  };
  const deep = (text: string, depth = 7000): string => text.repeat(depth);
  for (const body of [
    deep('[') + deep(']'),
    `{"module":${deep('[')}${deep(']')}}`,
    deep('{"a":', 2500) + '1' + deep('}', 2500),
    `{"module":"a.b/c","constructor":{"prototype":{}}}`,
    `{"module":"example.com/m","version":${deep('[')}${deep(']')}}`,
    `{"module":"${'*'.repeat(2048)}"}`,
    `{"module":"${'a'.repeat(2049)}"}`,
    '{"module":"../../etc"}',
    '{"module":"example.com/m/../n"}',
    String.raw`{"module":"example.com/m\u0000"}`,
    '{"module":"*"}',
    '{"module":"example.com/*"}',
    '{"module":""}',
    '{"module":1e999}',
    'null',
    '"example.com/m"',
    '\ufeff{"module":"example.com/m"}x',
  ])
    // Not as the API has it, or a name that no module can have.
    assert.match(String(await post('purge', body)), /^40[04]$/, body.slice(0, 60));
  assert.equal(await post('mirrors/a', `{"weight":${'9'.repeat(5000)}}`), 400);
  assert.equal(await post(`mirrors/${'%2f'.repeat(300)}`, '{"drain":"on"}'), 404);
  assert.ok(await kept());
});

test('calls of the API are told as requests of Rondo itself, with their bytes', async (context) => {
  const { app, url } = await apiServer(reverseCleanup(context));
  const told = new Promise<RondoEvent>((resolve) => {
    app.bus.subscribe((event) => {
      if (event.type === 'request') resolve(event);
    });
  });
  const { body } = await fetchRaw(`${url}/-/api/status?x=1`);
  const event = await told;
  assert.ok(event.type === 'request');
  const { kind, path, status, bytes } = event;
  assert.deepEqual([kind, path, status, bytes], ['other', '/-/api/status', 200, body.length]);
});
