import { tableOf } from '../words/language.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import type { MirrorShown } from '../api/answers.ts';
import { formatMirrorsPage, parseMirrorsAnswer, type MirrorsPage } from './mirrors-page.ts';

const GOOD: MirrorShown = {
  name: 'goproxy.example',
  url: 'https://goproxy.example/',
  tier: 0,
  match: '*',
  status: 'HEALTHY',
  why: 'answers well',
  eligible: true,
  forMs: 200_000,
  gate: 'closed',
  next: { words: '3 failed probes would open its gate' },
  baseWeight: 10,
  configuredWeight: 10,
  score: 1,
  speed: { small: 1, zip: 1 },
  weight: 10,
  firstByte: { p50Ms: 31.4, p95Ms: 120, samples: 9 },
  syncLagMs: 0,
  inFlight: 0,
  waiting: 0,
  slots: 32,
  connectionsOpen: 1,
  connectionsOpened: 4,
};

const FAILURE = {
  agoMs: 900,
  cause: 'connect-refused',
  detail: 'connection refused',
  explanation: { words: 'nothing listens there', whoMends: 'whoever runs the mirror' },
} as const;

const SHUT: MirrorShown = {
  ...GOOD,
  name: 'down.example',
  status: 'UNHEALTHY',
  why: 'connection refused',
  forMs: 900,
  gate: 'open',
  next: {
    words: 'one trial request when its time is over: successful probes do not count',
    inMs: 12_000,
  },
  lastFailure: FAILURE,
  score: 0.1,
  weight: 1,
  firstByte: undefined,
  syncLagMs: undefined,
};

const PAGE: MirrorsPage = {
  version: 1,
  source: { kind: 'server', url: 'http://127.0.0.1:7070' },
  origin: 'environment GOPROXY',
  mirrors: [GOOD, SHUT],
};

test('the table tells state, since when, why, what would change it and when, at 80 columns', () => {
  assert.deepEqual(formatMirrorsPage(PAGE, { width: 80, color: false }), [
    'Mirrors of environment GOPROXY, as the server at http://127.0.0.1:7070 sees them',
    '',
    'MIRROR           STATE         FOR  SCORE  WEIGHT    P50     P95   LAG  GATE',
    'goproxy.example  HEALTHY     3 min   1.00    10.0  31 ms  120 ms  0 ms  closed',
    '    answers well',
    '    next: 3 failed probes would open its gate',
    'down.example     UNHEALTHY  900 ms   0.10     1.0      -       -     -  open',
    '    connection refused',
    '    last failure 900 ms ago: nothing listens there, or a firewall refuses; who',
    '    mends it: whoever runs the mirror, or of the firewall',
    '    next: one trial request when its time is over: successful probes do not',
    '    count, in 12 s',
  ]);
});

test('in Chinese: Rondo’s own words for a cause that it knows, the server’s for one that it does not', async () => {
  const table = await tableOf('zh');
  const newer = { ...SHUT, name: 'new.example', lastFailure: { ...FAILURE, cause: 'of-a-newer-rondo' } };
  const page = { ...PAGE, mirrors: [SHUT, newer] };
  assert.deepEqual(formatMirrorsPage(page, { width: Infinity, color: false, table }), [
    '环境变量 GOPROXY 的镜像状态，来自 http://127.0.0.1:7070 的服务器',
    '',
    '镜像          状态           持续  得分  权重  P50  P95  滞后  闸门',
    'down.example  UNHEALTHY  900 毫秒  0.10   1.0    -    -     -  open',
    '    connection refused',
    '    最近一次失败在 900 毫秒前：该处没有服务监听，或被防火墙拒绝；由谁解决：镜像或防火墙的维护者',
    '    接下来：只有时间到后才会用请求试探它：探测不算数，12 秒后',
    'new.example   UNHEALTHY  900 毫秒  0.10   1.0    -    -     -  open',
    '    connection refused',
    '    最近一次失败在 900 毫秒前：nothing listens there；由谁解决：whoever runs the mirror',
    '    接下来：只有时间到后才会用请求试探它：探测不算数，12 秒后',
  ]);
});

test('at 40 columns the least important ones go, and no line is wider', () => {
  const lines = formatMirrorsPage(PAGE, { width: 40, color: false });
  assert.equal(lines[4], 'MIRROR           STATE         P95');
  assert.ok(lines.every((line) => line.length <= 40));
});

test('in both languages no line is wider than the terminal, and a long name is not cut', async () => {
  const long = { ...GOOD, name: 'proxy.golang.example/internal/team-infrastructure/go' };
  for (const table of [undefined, await tableOf('zh')])
    for (const width of [40, 60, 80]) {
      const lines = formatMirrorsPage({ ...PAGE, mirrors: [SHUT, long] }, { width, color: false, table });
      for (const line of lines) assert.ok(stringWidth(line) <= width, `${width}: ${line}`);
      assert.match(
        lines.join('').replaceAll(' ', ''),
        /proxy\.golang\.example\/internal\/team-infrastructure\/go/,
      );
    }
});

test('why a weight is not the configured one: an order, slowness, a lack of slots', () => {
  const odd = { ...GOOD, baseWeight: 20, speed: { small: 0.05, zip: 0.001 }, waiting: 4, slots: 4 };
  const lines = formatMirrorsPage({ ...PAGE, mirrors: [odd] }, { width: Infinity, color: false });
  assert.deepEqual(lines.slice(5, 8), [
    '    weight 20 by an order, 10 as configured',
    '    slower than others: 5% of its weight is left for small files, 1% for zips',
    '    busy: 4 requests wait for it, which is all that it is given',
  ]);
});

test('a mirror that nobody has heard of yet does not answer well', () => {
  const page = { ...PAGE, mirrors: [{ ...GOOD, firstByte: undefined }] };
  assert.match(formatMirrorsPage(page, { width: 80, color: false })[4] ?? '', /has not answered yet/);
});

test('a server that is offline says so, above states that are no news', () => {
  const url = 'http://127.0.0.1:7070';
  const { source: _, ...answer } = PAGE;
  const page = parseMirrorsAnswer(JSON.stringify({ ...answer, offline: true }), url);
  assert.ok(page !== undefined);
  assert.deepEqual(formatMirrorsPage(page, { width: 80, color: false }).slice(1, 3), [
    'It is offline and asks none of them',
    '',
  ]);
});

test('what answers at the address may be anybody: only the shape of a Rondo is taken, and shown harmlessly', () => {
  const url = 'http://127.0.0.1:7070';
  const { source: _, ...rest } = PAGE;
  const answer = { ...rest, offline: false };
  const parse = (value: unknown): MirrorsPage | undefined => parseMirrorsAnswer(JSON.stringify(value), url);
  assert.deepEqual(parse({ ...answer, more: 1, mirrors: [{ ...GOOD, more: 1 }] }), {
    ...PAGE,
    offline: false,
    mirrors: [GOOD],
  });
  for (const other of [
    rest,
    { ...answer, version: 2 },
    { ...answer, mirrors: {} },
    { ...answer, mirrors: [{ ...GOOD, score: 'high' }] },
    { ...answer, mirrors: [{ ...GOOD, forMs: -1 }] },
    { ...answer, mirrors: Array.from({ length: 1001 }, () => GOOD) },
    [],
    null,
  ]) {
    assert.equal(parse(other), undefined);
  }
  assert.equal(parseMirrorsAnswer('<html>', url), undefined);
  const evil = '\u001B[2J\u202Eevil\n';
  const page = parse({
    ...answer,
    origin: evil,
    mirrors: [{ ...SHUT, name: evil, status: 'constructor', gate: evil, why: evil, next: { words: evil } }],
  });
  const shown =
    page === undefined ? '' : formatMirrorsPage(page, { width: Infinity, color: false }).join('\n');
  assert.match(shown, /evil/);
  assert.doesNotMatch(shown.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
});
