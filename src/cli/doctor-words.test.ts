import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../doctor/finding.ts';
import type { Examination } from './doctor.ts';
import { doctorLines, mirrorLines } from './doctor-words.ts';

const STYLE = { width: 80, color: false } as const;
const TROUBLE: Finding = { id: 'a', level: 'finding', what: 'it is broken', evidence: ['seen'] };
const NOTE: Finding = { ...TROUBLE, level: 'note', what: 'it is odd' };

function examined(findings: readonly Finding[], bytes = 392): Examination {
  return {
    go: {
      says: undefined,
      wellKnown: new Set(),
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
  assert.equal(verdict(NOTE), 'all is well');
  assert.equal(verdict(TROUBLE, NOTE), '1 finding');
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
    '! it is broken',
    '    seen',
    '',
    '1 finding',
  ]);
});
