import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../doctor/finding.ts';
import type { Examination } from './doctor.ts';
import { doctorLines, mirrorLines, traceLines } from './doctor-words.ts';
import stringWidth from 'string-width';
import { tableOf } from '../words/language.ts';

const STYLE = { width: 80, color: false } as const;
const TROUBLE: Finding = { id: 'a', level: 'finding', what: 'it is broken', evidence: ['seen'] };
const NOTE: Finding = { ...TROUBLE, level: 'note', what: 'it is odd' };

function examined(findings: readonly Finding[], bytes = 392): Examination {
  return {
    go: {
      says: undefined,
      facts: {
        command: '/usr/local/go/bin/go',
        version: 'go1.26.8',
        goroot: '/usr/local/go',
        ownGoroot: '/usr/local/go',
        gopath: '/home/a/go',
        hasGopathBin: false,
        hasGofmt: true,
        path: [],
        values: new Map([['GOSUMDB', { value: 'off', from: 'environment' }]]),
        written: new Map(),
        silent: [],
        installed: [],
        join: posix.join,
      },
    },
    mirrors: [
      {
        name: 'goproxy.example',
        host: 'goproxy.example',
        url: 'https://goproxy.example',
        isWellKnown: false,
        names: { kind: 'addresses', addresses: [{ address: '198.51.100.7', isPublic: true }] },
        hostsLine: undefined,
        certificate: undefined,
        rootIsPublic: undefined,
        outcome: { class: 'ok', cause: 'ok', status: 200, detail: '200' },
        hops: [],
        timing: { reused: false, firstByteMs: 9 },
        sample: { bytes, ms: 100, h1: undefined },
        syncedAtMs: undefined,
      },
    ],
    direct: undefined,
    offline: { needed: 2, lacking: 1 },
    findings,
  };
}

test('findings are counted as people count, and notes are none', () => {
  const verdict = (...findings: Finding[]): string | undefined =>
    doctorLines(examined(findings), STYLE).at(-1);
  assert.equal(verdict(), 'all is well');
  assert.equal(verdict(NOTE), 'all is well, 1 note');
  assert.equal(verdict(TROUBLE, NOTE), '1 finding, 1 note');
  assert.equal(verdict(TROUBLE, TROUBLE), '2 findings');
});

test('no rate is told by a sample that is too small for one', () => {
  const row = (bytes: number): string =>
    doctorLines(examined([], bytes), STYLE).find((line) => line.startsWith('goproxy.example')) ?? '';
  assert.doesNotMatch(row(392), /B\/s/);
  assert.match(row(2 ** 20), / 10 MiB\/s /);
});

test('of one mirror that was asked for, nothing is told of Go and the project', () => {
  assert.match(doctorLines(examined([TROUBLE]), STYLE).join('\n'), /GOSUMDB=off[^]*offline: /);
  assert.deepEqual(mirrorLines(examined([TROUBLE]), STYLE), [
    '',
    'MIRROR           ANSWER  FIRST BYTE  RATE  TLS  ADDRESS',
    'goproxy.example  works         9 ms             198.51.100.7',
    '',
    '! finding: it is broken',
    '    seen',
    '',
    '1 finding',
  ]);
});

test('in both languages no line is wider than the terminal, and a failure is told in words', async () => {
  const url = `https://goproxy.example/${'a-long-path/'.repeat(9)}@v/list`;
  const trouble: Finding = {
    ...TROUBLE,
    evidence: [`503 from ${url}: via 1.1 cdn`],
    fix: `rondo exec -- ${url}`,
  };
  const examination = examined([trouble, NOTE]);
  const mirrors = examination.mirrors.map((mirror) => ({
    ...mirror,
    name: 'mirrors.aliyun.example/goproxy',
    url,
    hops: [{ url, status: 503, address: '198.51.100.7', headers: {} }],
    outcome: { class: 'http', cause: 'header-timeout', detail: 'no answer within 10 s' } as const,
  }));
  for (const table of [undefined, await tableOf('zh')])
    for (const width of [40, 60, 80]) {
      const style = { width, color: false, table };
      const failed = { ...examination, mirrors };
      const lines = [...doctorLines(failed, style), ...mirrors.flatMap((each) => traceLines(each, style))];
      for (const line of lines) assert.ok(stringWidth(line) <= width, `${width}: ${line}`);
      assert.ok(lines.some((line) => line.startsWith('mirrors.aliyun.example/goproxy')));
      assert.doesNotMatch(lines.join('\n'), /header-timeout/);
      const [said, seen] =
        table === undefined
          ? ['the mirror took the request and never answered', 'no answer within 10 s']
          : ['镜像收到请求后始终没有应答', '10 秒内没有应答'];
      const text = lines.join(table === undefined ? ' ' : '').replaceAll(/ +/g, ' ');
      assert.ok(text.replaceAll(' ', '').includes(said.replaceAll(' ', '')), text);
      assert.ok(text.includes(seen), text);
    }
});
