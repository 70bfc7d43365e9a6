import '../support/loopback-only.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import type {
  ConfigAnswer,
  HistoryAnswer,
  MirrorsAnswer,
  ModulesAnswer,
  StatusAnswer,
  VersionsAnswer,
} from '../../src/api/answers.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { historyPath } from '../../src/history/history-file.ts';
import { openHistoryWriter } from '../../src/history/history-writer.ts';
import { tableOf } from '../../src/words/language.ts';
import { render } from '../../src/words/render.ts';
import { say } from '../../src/words/text.ts';
import { fetchRaw, orderOf, type RawAnswer } from '../support/http-client.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { until } from '../support/until.ts';
import { apiServer, TOKEN, type ApiServer } from './api-server.ts';
import { describe, type Description } from './described.ts';

const ZIPLESS = '/example.com/m/@v/v1.0.0.mod';

/** Of what is answered with 200. */
function schemaOf(calls: Description['calls'], path: string): z.core.JSONSchema.JSONSchema {
  const call = calls.find((each) => each.path === path);
  const schema = call?.answers.get(200)?.content['application/json']?.schema;
  assert.ok(schema !== undefined, path);
  return schema;
}

/** A question for each call, which this server can answer. */
function questions({
  url,
  mirror,
}: ApiServer): readonly (readonly [string, string, () => Promise<RawAnswer>])[] {
  const get = (path: string) => () => fetchRaw(`${url}${path}`);
  const post = (path: string, body: object) => () => fetchRaw(`${url}${path}`, orderOf(body));
  return [
    ['get', '/-/api/status', get('/-/api/status')],
    ['get', '/-/api/mirrors', get('/-/api/mirrors')],
    ['post', '/-/api/mirrors/{name}', post(`/-/api/mirrors/${encodeURIComponent(mirror)}`, { weight: 20 })],
    ['get', '/-/api/flights', get('/-/api/flights')],
    ['get', '/-/api/modules', get('/-/api/modules?search=EXAMPLE&limit=10')],
    ['get', '/-/api/modules/versions', get('/-/api/modules/versions?module=example.com/m')],
    ['get', '/-/api/history', get('/-/api/history?since=1h&parts=6')],
    ['get', '/-/api/config', get('/-/api/config')],
    ['post', '/-/api/doctor', post('/-/api/doctor', {})],
    ['post', '/-/api/reload', post('/-/api/reload', {})],
    ['get', '/-/api/openapi.json', get('/-/api/openapi.json')],
    ['post', '/-/api/purge', post('/-/api/purge', { module: 'example.com/m' })],
  ];
}

test('every call is described, and every answer is as it is described', async (context) => {
  const server = await apiServer(reverseCleanup(context));
  await fetchRaw(server.url + ZIPLESS);
  const { openapi, calls } = await describe(server.url);
  assert.equal(openapi, '3.1.0');
  const described = calls.map(({ method, path }) => `${method} ${path}`);
  const asked = questions(server).map(([method, path]) => `${method} ${path}`);
  assert.deepEqual(described.toSorted(), [...asked, 'get /-/api/events'].toSorted());
  assert.equal(described.length, ROUTES.length + 2);
  for (const [method, path, ask] of questions(server)) {
    const answer = await ask();
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.body.toString()}`);
    assert.equal(answer.headers['content-type'], 'application/json', path);
    assert.equal(answer.headers['cache-control'], 'no-store', path);
    const schema = schemaOf(calls, path);
    z.fromJSONSchema(schema).parse(JSON.parse(answer.body.toString()));
  }
});

test('the status has what follows this Rondo in a GOPROXY, and leaves its address to who asked', async (context) => {
  const t = reverseCleanup(context);
  for (const end of ['', ',direct', '|off']) {
    const server = await apiServer(t, { RONDO_SERVER_BASE_PATH: '/go' });
    await server.reload({ RONDO_SERVER_BASE_PATH: '/go', GOPROXY: `http://${server.mirror}${end}` });
    const page = JSON.parse((await fetchRaw(`${server.url}/-/api/status`)).body.toString()) as StatusAnswer;
    assert.equal(page.chainEnd, end);
  }
});

test('an answer that is not as it is described would be seen', async (context) => {
  const server = await apiServer(reverseCleanup(context));
  const { calls } = await describe(server.url);
  const schema = schemaOf(calls, '/-/api/status');
  const page = JSON.parse((await fetchRaw(`${server.url}/-/api/status`)).body.toString()) as object;
  for (const wrong of [{ ...page, more: 1 }, { ...page, flights: 'none' }, {}])
    assert.equal(z.fromJSONSchema(schema).safeParse(wrong).success, false);
});

test('what the copy has is found by a part of its name, shown with its files, and taken out', async (context) => {
  const { url } = await apiServer(reverseCleanup(context));
  const get = async <T>(path: string): Promise<T> =>
    JSON.parse((await fetchRaw(`${url}/-/api/${path}`)).body.toString()) as T;
  assert.equal((await fetchRaw(url + ZIPLESS)).status, 200);
  const modules = async (search: string): Promise<string[]> =>
    (await get<ModulesAnswer>(`modules?search=${search}`)).modules.map(({ module }) => module);
  await until('the index knows it', async () => (await modules('EXAMPLE.com')).length === 1);
  assert.deepEqual([await modules('m'), await modules('nothing')], [['example.com/m'], []]);
  const { versions } = await get<VersionsAnswer>('modules/versions?module=example.com/m');
  const [only] = versions;
  assert.equal(only?.version, 'v1.0.0');
  assert.deepEqual(
    only.files.map(({ kind, bytes }) => [kind, bytes]),
    [['mod', 21]],
  );
  const purged = await fetchRaw(
    `${url}/-/api/purge`,
    orderOf({ module: 'example.com/m', version: 'v1.0.0' }),
  );
  const { removed, bytes } = JSON.parse(purged.body.toString()) as { removed: number; bytes: number };
  assert.ok(removed >= 1);
  assert.equal(bytes, 21);
  await until('the index has forgotten it', async () => (await modules('')).length === 0);
});

test('the history has the minute that goes on', async (context) => {
  const { url, mirror } = await apiServer(reverseCleanup(context));
  await fetchRaw(url + ZIPLESS);
  const page = JSON.parse((await fetchRaw(`${url}/-/api/history?since=1h&parts=6`)).body.toString());
  const { mirrors, series } = page as HistoryAnswer;
  assert.equal(mirrors[0]?.mirror, mirror);
  assert.ok(mirrors[0].answered >= 1);
  assert.deepEqual([series[0]?.points.length, series[0]?.mirror], [6, mirror]);
});

test('of many incidents the history tells the newest thousand, and how many there are besides', async (context) => {
  const { url } = await apiServer(reverseCleanup(context));
  const { values } = JSON.parse((await fetchRaw(`${url}/-/api/config`)).body.toString()) as ConfigAnswer;
  const path = historyPath(values.find(({ key }) => key === 'cache.dir')?.value ?? '');
  const nowMs = Date.now();
  const incidents = Array.from({ length: 1500 }, (_, nth) => ({
    mirror: 'gone.example',
    startMs: nowMs - nth * 1000 - 500,
    endMs: nowMs - nth * 1000,
    cause: 'dns',
    why: '',
  }));
  // The server writes to it too.
  await until('they are written', async () => {
    const database = await openHistoryWriter(path).catch(() => undefined);
    try {
      database?.write({ minutes: [], incidents }, { id: 'w', nowMs });
      return database !== undefined;
    } catch {
      return false;
    } finally {
      database?.close();
    }
  });
  const page = JSON.parse((await fetchRaw(`${url}/-/api/history?since=1h`)).body.toString()) as HistoryAnswer;
  assert.deepEqual([page.incidents.length, page.incidentsLeftOut], [1000, 500]);
  assert.equal(page.mirrors.find(({ mirror }) => mirror === 'gone.example')?.incidents, 1500);
});

test('a token is in force and never shown', async (context) => {
  const { url } = await apiServer(reverseCleanup(context), { RONDO_SERVER_ADMIN_TOKEN: TOKEN });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const text = (await fetchRaw(`${url}/-/api/config`, { headers })).body.toString();
  const { values } = JSON.parse(text) as ConfigAnswer;
  const own = values.find(({ key }) => key === 'server.admin_token');
  assert.deepEqual(own, {
    key: 'server.admin_token',
    value: '(hidden)',
    origin: 'environment RONDO_SERVER_ADMIN_TOKEN',
    isDefault: false,
  });
  assert.doesNotMatch(text, new RegExp(TOKEN));
  const inChinese = await fetchRaw(`${url}/-/api/config`, {
    headers: { ...headers, 'accept-language': 'zh-CN' },
  });
  const chinese = (JSON.parse(inChinese.body.toString()) as ConfigAnswer).values;
  const originOf = (wanted: string): unknown => chinese.find(({ key }) => key === wanted)?.origin;
  assert.equal(originOf('server.admin_token'), '环境变量 RONDO_SERVER_ADMIN_TOKEN');
  assert.equal(originOf('telemetry.history'), '默认');
});

test('doctor says what is drained, in the language that is asked for, with the command that mends it', async (context) => {
  const { url, mirror } = await apiServer(reverseCleanup(context));
  await fetchRaw(`${url}/-/api/mirrors/${encodeURIComponent(mirror)}`, orderOf({ drain: 'on' }));
  const ask = async (language: string): Promise<string> =>
    (await fetchRaw(`${url}/-/api/doctor`, orderOf({}, { 'accept-language': language }))).body.toString();
  const [english, chinese] = [await ask('en'), await ask('zh-CN,zh;q=0.9')];
  assert.match(english, /is drained: no request goes to it/);
  assert.match(english, /rondo mirrors drain 127\.0\.0\.1:\d+ --for 0s/);
  assert.match(chinese, /已停用/);
});

test('what makes no sense is refused with the reason, and nothing is done', async (context) => {
  const { url, mirror } = await apiServer(reverseCleanup(context));
  const name = encodeURIComponent(mirror);
  const post = async (path: string, body: object): Promise<number> =>
    (await fetchRaw(`${url}/-/api/${path}`, orderOf(body))).status;
  for (const body of [
    {},
    { weight: 0 },
    { weight: 2.5 },
    { weight: '20' },
    { drain: 'soon' },
    { drain: '8d' },
  ])
    assert.equal(await post(`mirrors/${name}`, body), 400, JSON.stringify(body));
  assert.equal(await post(`mirrors/${name}`, { weight: 2, more: 1 }), 400);
  assert.equal(await post('mirrors/nobody', { weight: 2 }), 404);
  assert.equal(await post('purge', { module: '../../etc' }), 404);
  assert.equal(await post('purge', {}), 400);
  for (const path of [
    'history?since=91d',
    'history?parts=0',
    'modules?limit=-1',
    'modules?x=1',
    'modules/versions',
  ])
    assert.equal((await fetchRaw(`${url}/-/api/${path}`)).status, 400, path);
  assert.equal((await fetchRaw(`${url}/-/api/modules?after=..%2F..`)).status, 404);
  const refused = await fetchRaw(`${url}/-/api/mirrors/nobody`, orderOf({ weight: 2 }));
  assert.equal(refused.headers['content-type'], 'application/problem+json');
  assert.match(refused.body.toString(), /"message": "no mirror is called nobody"/);
  const text = await fetchRaw(
    `${url}/-/api/mirrors/nobody`,
    orderOf({ weight: 2 }, { accept: 'text/plain' }),
  );
  assert.equal(text.body.toString(), 'not found: no mirror is called nobody\n');
});

test('how mirrors stand is told in the language that is asked for, what programs read in none', async (context) => {
  const { url, mirror } = await apiServer(reverseCleanup(context));
  await fetchRaw(`${url}/-/api/mirrors/${encodeURIComponent(mirror)}`, orderOf({ drain: 'on' }));
  const told = async (language?: string): Promise<unknown[]> => {
    const headers = language === undefined ? {} : { 'accept-language': language };
    const { body } = await fetchRaw(`${url}/-/api/mirrors`, { headers });
    const { mirrors } = JSON.parse(body.toString()) as MirrorsAnswer;
    return [mirrors[0]?.status, mirrors[0]?.why];
  };
  assert.deepEqual(await told(), ['DRAINED', 'taken out by an order to this server']);
  assert.deepEqual(await told('*'), await told());
  assert.deepEqual(await told('zh-CN,zh;q=0.9,en;q=0.8'), [
    'DRAINED',
    render(say('taken out by an order to this server'), await tableOf('zh')),
  ]);
  assert.notDeepEqual(await told('zh'), await told('en'));
});
