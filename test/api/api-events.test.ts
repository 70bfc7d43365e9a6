import '../support/loopback-only.ts';
import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { fetchRaw, orderOf } from '../support/http-client.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { apiServer, TOKEN } from './api-server.ts';
import { describe } from './described.ts';

/** The most that read at once (event-hub.ts). */
const MAX_READERS = 64;

function open(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/-/api/events`, { agent: false, headers }, resolve);
    sent.on('error', reject);
    sent.end();
  });
}

/** Reads until `isThere` says so; what was read. */
async function readUntil(response: IncomingMessage, isThere: (text: string) => boolean): Promise<string> {
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (isThere(text)) return text;
  }
  return text;
}

test('a reader is told everything at once, and then what changes', async (context) => {
  const { url, mirror } = await apiServer(reverseCleanup(context));
  const stream = await open(url);
  assert.equal(stream.headers['content-type'], 'text/event-stream');
  assert.equal(stream.headers['cache-control'], 'no-store');
  const drained = (text: string): boolean => /event: mirrors\ndata: .*"DRAINED"/.test(text);
  const reading = readUntil(stream, drained);
  await fetchRaw(`${url}/-/api/mirrors/${encodeURIComponent(mirror)}`, orderOf({ drain: 'on' }));
  const text = await reading;
  assert.match(text, /^event: status\ndata: \{"version":1,/);
  assert.match(text, /^event: flights\ndata: \{"version":1,"flights":\[\]\}$/m);
  assert.ok(drained(text));
});

test('every kind of event is described, and comes as it is described', async (context) => {
  const { app, url, mirror } = await apiServer(reverseCleanup(context));
  const { events } = await describe(url);
  const stream = await open(url);
  const kinds = (text: string): Set<string> =>
    new Set([...text.matchAll(/^event: (\w+)\ndata: .*\n\n/gm)].map(([, name = '']) => name));
  const reading = readUntil(stream, (text) => kinds(text).size === 5);
  app.bus.emit({ type: 'notice', level: 'warn', message: 'a word' });
  app.bus.emit({ type: 'gate', mirror, from: 'HEALTHY', to: 'UNHEALTHY', why: 'it fails' });
  const text = await reading;
  assert.deepEqual([...kinds(text)].toSorted(), [...events.keys()].toSorted());
  for (const [, name = '', data = ''] of text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm))
    assert.ok(events.get(name)?.safeParse(JSON.parse(data)).success, `${name}: ${data}`);
  assert.equal(events.get('notice')?.safeParse({ version: 1, message: 'no level' }).success, false);
});

test('a thousand readers: the first ones read, the others are told to come back, and places are given back', async (context) => {
  const { url } = await apiServer(reverseCleanup(context));
  const all = await Promise.all(Array.from({ length: 1000 }, () => open(url)));
  const [reading, refused] = [200, 503].map((status) => all.filter((each) => each.statusCode === status));
  assert.deepEqual([reading?.length, refused?.length], [MAX_READERS, 1000 - MAX_READERS]);
  assert.equal(refused?.[0]?.headers['retry-after'], '1');
  for (const each of all) each.destroy();
  for (;;) {
    const again = await open(url);
    again.destroy();
    if (again.statusCode === 200) break;
  }
});

test('a server that drains ends the streams at once, and its drain does not wait for them', async (context) => {
  const { app, url } = await apiServer(reverseCleanup(context), { RONDO_SERVER_DRAIN: '1h' });
  const stream = await open(url);
  const ended = readUntil(stream, () => false);
  await app.drain();
  assert.match(await ended, /^event: status/);
});

test('two readers are told the same in a language each', async (context) => {
  const { url, mirror } = await apiServer(reverseCleanup(context));
  const streams = [await open(url), await open(url, { 'accept-language': 'zh' })];
  const texts = streams.map((stream) => readUntil(stream, (text) => text.includes('"DRAINED"')));
  await fetchRaw(`${url}/-/api/mirrors/${encodeURIComponent(mirror)}`, orderOf({ drain: 'on' }));
  const [english = '', chinese = ''] = await Promise.all(texts);
  assert.match(english, /"why":"taken out by an order to this server"/);
  assert.match(chinese, /"status":"DRAINED".*"why":"\p{Script=Han}/u);
});

test('where no history is kept, an incident is told all the same', async (context) => {
  const { app, url, mirror } = await apiServer(reverseCleanup(context), { RONDO_TELEMETRY_HISTORY: '0s' });
  const stream = await open(url);
  const reading = readUntil(stream, (text) => text.includes('event: incident'));
  app.bus.emit({ type: 'gate', mirror, from: 'HEALTHY', to: 'UNHEALTHY', why: 'it fails', cause: 'dns' });
  assert.match(await reading, /event: incident\ndata: .*"cause":"dns","why":"it fails"/);
});

test('open streams take no place of the requests that one client may have under way', async (context) => {
  const { url } = await apiServer(reverseCleanup(context), {
    RONDO_LIMITS_CONCURRENT: '1',
    RONDO_LIMITS_NODELAY: 'true',
    RONDO_LIMITS_LOOPBACK: 'true',
  });
  const streams = [await open(url), await open(url)];
  const { status } = await fetchRaw(`${url}/example.com/m/@v/list`);
  assert.deepEqual([...streams.map(({ statusCode }) => statusCode), status], [200, 200, 200]);
  for (const stream of streams) stream.destroy();
});

test('a reload with another token, or with a first one, ends the streams of who came without it', async (context) => {
  const { url, reload } = await apiServer(reverseCleanup(context));
  const other = `${TOKEN}-2`;
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const local = await open(url);
  const localTold = readUntil(local, () => false);
  await reload({ RONDO_SERVER_ADMIN_TOKEN: TOKEN });
  assert.doesNotMatch(await localTold, /event: notice/, 'nor is it told of the reload');
  const [old, refused] = [await open(url, bearer(TOKEN)), await open(url)];
  assert.deepEqual([old.statusCode, refused.statusCode], [200, 401]);
  const oldTold = readUntil(old, () => false);
  await reload({ RONDO_SERVER_ADMIN_TOKEN: TOKEN, RONDO_SERVER_DRAIN: '7s' });
  await reload({ RONDO_SERVER_ADMIN_TOKEN: other });
  const told = await oldTold;
  assert.match(told, /changed: server\.drain/, 'a reload that leaves the token ends nothing');
  assert.doesNotMatch(told, /changed: .*server\.admin_token/);
  const renewed = await open(url, bearer(other));
  assert.equal(renewed.statusCode, 200);
  const renewedTold = readUntil(renewed, () => false);
  await reload({});
  assert.equal(
    (await fetchRaw(`${url}/-/api/status`)).status,
    200,
    'without a token this machine may ask again',
  );
  await reload({ RONDO_SERVER_ADMIN_TOKEN: TOKEN });
  assert.match(await renewedTold, /changed: server\.admin_token/, 'and who reads reads on');
});
