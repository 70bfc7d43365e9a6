import { tableOf } from '../words/language.ts';
import { render } from '../words/render.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chain } from '../config/config.ts';
import type { Measurement } from '../mirrors/measure.ts';
import { candidatesOf, planOf, proxyOf, rank, type Ranked } from './init-plan.ts';
import { fileNote, formatInitTable } from './init-table.ts';

const NOBODY = { words: 'the mirror answered', whoMends: 'nobody needs to' };
const WORKS: Measurement = {
  grade: 'works',
  asked: 3,
  failures: 0,
  outcome: { class: 'ok', cause: 'ok', status: 200, detail: '200' },
  explanation: NOBODY,
  coldMs: 90,
  warmMs: 30,
};
const FAILED: Measurement = {
  grade: 'failed',
  asked: 1,
  failures: 1,
  outcome: { class: 'http', cause: 'connect-refused', detail: 'connection refused (ECONNREFUSED)' },
  explanation: { words: 'nothing listens there', whoMends: 'whoever runs the mirror' },
};

function ranked(name: string, measurement: Measurement, ofChain = true): Ranked {
  return { mirror: { name, url: new URL(`https://${name}/`), probePath: '/p' }, ofChain, measurement };
}

function chainOf(urls: readonly string[], end: Chain['end']): Chain {
  const mirrors = urls.map((url) => ({
    name: new URL(url).host,
    url: new URL(url),
    weight: 10,
    tier: 0,
    match: '*',
    probePath: '/own',
  }));
  return { mirrors, end, endSeparator: '|', origin: 'environment GOPROXY', trusted: true };
}

const names = (all: readonly Ranked[]): string => all.map(({ mirror }) => mirror.name).join(' ');

test('candidates: the chain first, then what else is known, nobody twice', () => {
  const chain = chainOf(['https://b.test/'], undefined);
  const found = candidatesOf(chain, ['https://a.test/go/', 'https://b.test'], '/p');
  assert.deepEqual(
    found.map(({ mirror, ofChain }) => [mirror.name, mirror.probePath, ofChain]),
    [
      ['b.test', '/own', true],
      ['a.test/go', '/p', false],
    ],
  );
});

test('ranks: what works, then what answers; the steady before the quick', () => {
  const all = [
    ranked('dead', FAILED),
    ranked('limited', { ...WORKS, grade: 'reached', warmMs: 1 }),
    ranked('shaky', { ...WORKS, failures: 1, warmMs: 2 }),
    ranked('slow', { ...WORKS, warmMs: 300 }),
    ranked('quick', WORKS),
  ];
  assert.equal(names(rank(all)), 'quick slow shaky limited dead');
});

test('a chosen chain keeps all its mirrors, and gets public ones only where that was said', () => {
  const all = [
    ranked('public', WORKS, false),
    ranked('own', WORKS),
    ranked('strange', { ...WORKS, grade: 'reached' }, false),
    ranked('down', FAILED),
  ];
  const alone = planOf(all, true, false);
  assert.deepEqual([names(alone.written), names(alone.others)], ['own down', 'public strange']);
  assert.equal(names(planOf(all, true, true).written), 'public own down');
  const chain = chainOf(['https://own.test', 'https://down.test'], undefined);
  assert.equal(proxyOf(alone, chain, true), 'https://own,https://down', 'no direct that nobody asked for');
  assert.equal(proxyOf(alone, { ...chain, end: 'off' }, true), 'https://own,https://down|off');
});

test('where nobody chose, whatever works is taken, and direct is the end', () => {
  const all = [ranked('a', WORKS), ranked('b', WORKS, false), ranked('down', FAILED)];
  const plan = planOf(all, false, false);
  assert.equal(
    proxyOf(plan, { ...chainOf([], undefined), endSeparator: ',' }, false),
    'https://a,https://b,direct',
  );
});

const NOW = Date.UTC(2026, 10, 24, 12);

test('the table says in words what failed, at 80 and at 40 columns, and in Chinese', async () => {
  const tls = { protocol: 'TLSv1.3', validUntilMs: NOW + 60 * 86_400_000 };
  const all = [
    ranked('goproxy.example', { ...WORKS, tls, syncedAtMs: NOW - 180_000 }),
    ranked('down.example', FAILED, false),
    { ...ranked('late.example', WORKS), measurement: undefined },
  ].map(({ measurement, ...each }) => (measurement === undefined ? each : { ...each, measurement }));
  assert.deepEqual(formatInitTable(all, NOW, { width: 80, color: false }), [
    'MIRROR           RESULT    FIRST BYTE  AT FIRST  TLS         SYNCED  CHAIN',
    'goproxy.example  works          30 ms     90 ms  TLSv1.3  3 min ago  in force',
    'down.example     failed             -         -  -                -  -',
    '    connection refused (ECONNREFUSED): nothing listens there, or a firewall',
    '    refuses',
    'late.example     asking …           -         -  -                -  in force',
  ]);
  assert.deepEqual(formatInitTable(all.slice(0, 2), NOW, { width: 40, color: false }), [
    'MIRROR           RESULT  FIRST BYTE',
    'goproxy.example  works        30 ms',
    'down.example     failed           -',
    '    connection refused (ECONNREFUSED):',
    '    nothing listens there, or a firewall',
    '    refuses',
  ]);
  const table = await tableOf('zh');
  assert.deepEqual(formatInitTable(all, NOW, { width: 80, color: false, table }), [
    '镜像             结果      首字节   首次  TLS       证书      同步  链',
    'goproxy.example  可用       30 ms  90 ms  TLSv1.3  60 天  3 分钟前  当前链',
    'down.example     失败           -      -  -            -         -  -',
    '    连接被拒绝（ECONNREFUSED）：该处没有服务监听，或被防火墙拒绝',
    'late.example     询问中 …       -      -  -            -         -  当前链',
  ]);
});

test('the note in the file has the figures, and what a mirror says stays on its line', () => {
  assert.equal(
    render(fileNote(ranked('a', { ...WORKS, syncedAtMs: NOW - 5000 }), true, NOW)),
    'on 2026-11-24: works, first byte 30 ms, at first 90 ms, synchronised 5 s ago',
  );
  const outcome = { ...FAILED.outcome, detail: 'evil\nproxy = https://evil.test' };
  const note = render(fileNote(ranked('b', { ...FAILED, outcome }), false, NOW));
  assert.match(note, /^not in proxy; on 2026-11-24: failed \(evil.proxy = .*nothing listens there, .*\)$/);
  assert.ok(!note.includes('\n'));
});
