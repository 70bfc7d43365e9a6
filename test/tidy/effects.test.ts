import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkEffects } from './effects.ts';
import { madeUp } from './made-up.ts';
import { EFFECTS, PURE_NAMES } from './rules.ts';

function found(path: string, text: string): string[] {
  return checkEffects(madeUp({ [path]: text }), EFFECTS, PURE_NAMES).map(
    ({ message }) => message.split(' ')[0] ?? '',
  );
}

test('modules with effects are found outside their places', () => {
  assert.deepEqual(found('src/proxy/a.ts', `import { readFile } from 'node:fs/promises';`), [
    'node:fs/promises',
  ]);
  assert.deepEqual(found('src/proxy/a.ts', `import fs from 'fs';`), ['fs']);
  assert.deepEqual(found('src/proxy/a.ts', `const u = await import('undici');`), ['undici']);
  assert.deepEqual(found('src/http/a.ts', `import { spawn } from 'node:child_process';`), [
    'node:child_process',
  ]);
  assert.deepEqual(found('src/store/disk.ts', `import { readFile } from 'node:fs/promises';`), []);
  assert.deepEqual(found('src/store/s3.ts', `import { request } from 'undici';`), []);
});

test('types and names that touch nothing are no effects', () => {
  assert.deepEqual(found('src/proxy/a.ts', `import type { Server } from 'node:net';`), []);
  assert.deepEqual(found('src/gomod/a.ts', `import { isIP } from 'node:net';`), []);
  assert.deepEqual(found('src/gomod/a.ts', `import { isIP, connect } from 'node:net';`), ['node:net']);
  assert.deepEqual(found('src/proxy/a.ts', `let t: ReturnType<typeof setTimeout>;`), []);
});

const uses: [text: string, name: string][] = [
  [`const t = Date.now();`, 'Date.now'],
  [`const t = new Date();`, 'Date()'],
  [`f({ now: Date.now });`, 'Date.now'],
  [`function f(now = Date.now()) { return now; }`, 'Date.now'],
  [`setTimeout(f, 1);`, 'setTimeout'],
  [`const wait = setTimeout;`, 'setTimeout'],
  [`f({ setTimeout });`, 'setTimeout'],
  [`globalThis.process.env;`, 'process.env'],
  [`const { env } = process;`, 'process.env'],
  [`process['env'].HOME;`, 'process.env'],
  [`Math.random();`, 'Math.random'],
  [`AbortSignal.timeout(5);`, 'AbortSignal.timeout'],
  [`void fetch('x');`, 'fetch'],
  [`(performance as Performance).now(); performance.now();`, 'performance.now'],
];

for (const [text, name] of uses)
  test(`finds ${text}`, () => assert.deepEqual(found('src/proxy/a.ts', text), [name]));

test('what only looks like a global is none', () => {
  for (const text of [
    `new Date(0);`,
    `clock.setTimeout(f);`,
    `const o = { setTimeout: 1 };`,
    `import { fetch } from './fetch.ts'; fetch('x');`,
    `function f(process: { env: string }) { return process.env; }`,
    `class A { fetch() {} }`,
    `type F = { fetch: () => void };`,
    `process.platform;`,
  ])
    assert.deepEqual(found('src/proxy/a.ts', text), [], text);
});

test('the composition root, the command line and tests may', () => {
  for (const path of ['src/app.ts', 'src/cli/serve.ts', 'src/main.ts', 'src/proxy/a.test.ts', 'scripts/a.ts'])
    assert.deepEqual(found(path, `process.env; Date.now(); setTimeout(f, 1);`), []);
});
