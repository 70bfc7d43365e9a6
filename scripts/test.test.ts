import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';

type Run = { readonly code: number | null; readonly lines: readonly string[]; readonly text: string };

/** Runs `npm test`'s program on a made-up repository. */
function runTests(t: TestContext, sources: Record<string, string>, ...args: string[]): Run {
  const root = mkdtempSync(join(tmpdir(), 'rondo-made-up-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [file, source] of Object.entries(sources)) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `import test, { describe, after } from 'node:test';\n${source}`);
  }
  // Without NODE_TEST_CONTEXT: node runs no tests within tests otherwise.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const program = join(import.meta.dirname, 'test.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, `--root=${root}`, ...args], {
    env,
    encoding: 'utf8',
  });
  const text = stdout + stderr;
  return { code: status, lines: stdout.trimEnd().split('\n'), text };
}

/** The line of one file. */
function lineOf({ lines }: Run, file: string): string {
  return lines.find((line) => line.slice(5).startsWith(`${file} `)) ?? '';
}

test('passes, suites and tests left out are counted apart', (t) => {
  const run = runTests(t, {
    'src/a.test.ts': `
      import { appendFileSync } from 'node:fs';
      appendFileSync(process.env.RONDO_LEFT_OUT, 'browser: none on this machine\\n');
      test('a', () => {});
      describe('g', () => { test('b', () => {}); test('c', { skip: 'no go' }, () => {}); });`,
    'test/b.test.ts': `test('a', () => {});`,
    'test/e2e/all-left-out.test.ts': `
      import { appendFileSync } from 'node:fs';
      appendFileSync(process.env.RONDO_LEFT_OUT, 'go: not there: builds\\n');`,
  });
  assert.equal(run.code, 0);
  assert.match(lineOf(run, 'src/a.test.ts'), /^ok .* 2 passed, 2 left out, /);
  assert.equal(run.lines.at(-1), '3 passed, 0 failed');
  assert.ok(run.lines.includes('  src/a.test.ts: browser: none on this machine'));
  assert.ok(run.lines.includes('  test/e2e/all-left-out.test.ts: go: not there: builds'));
  assert.ok(run.lines.includes('  src/a.test.ts: g > c: no go'));
});

test('whatever way a file fails, it is counted and the exit code is 1', (t) => {
  const run = runTests(
    t,
    {
      'src/inner.test.ts': `describe('g', () => { test('b', () => { throw new Error('boom'); }); });`,
      'src/hook.test.ts': `describe('g', () => { after(() => { throw new Error('hook'); }); test('b', () => {}); });`,
      'src/crash.test.ts': `test('a', () => {}); test('b', () => { process.exit(3); });`,
      'src/early.test.ts': `test('a', () => {}); test('b', () => { process.exit(0); });`,
      'src/parse.test.ts': `enum Color { Red }`,
      'src/empty.test.ts': `export const nothing = 1;`,
      'src/late.test.ts': `test('a', () => { setTimeout(() => { throw new Error('late'); }, 1); });`,
      'src/good.test.ts': `test('a', () => {});`,
    },
    '--jobs=2',
  );
  assert.equal(run.code, 1);
  for (const [file, name, evidence] of [
    ['src/inner.test.ts', 'g > b', /boom/],
    ['src/hook.test.ts', 'g', /hook/],
    ['src/crash.test.ts', 'the file itself', /exit code 3/],
    ['src/early.test.ts', 'the file itself', /before its tests were reported/],
    ['src/parse.test.ts', 'the file itself', /enum is not supported/],
    ['src/empty.test.ts', 'the file itself', /holds no test/],
    ['src/late.test.ts', 'the file itself', /Error: late/],
  ] as const) {
    assert.match(lineOf(run, file), /^FAIL .* 1 failed/);
    assert.ok(run.lines.includes(`  ${file}: ${name}`), `${file} under "failed:"`);
    assert.match(run.text, evidence);
  }
  assert.match(lineOf(run, 'src/good.test.ts'), /^ok {3}/);
  assert.equal(run.lines.at(-1), '3 passed, 7 failed');
});

test('a file that hangs is ended at its time limit, and the test it hung in is named', (t) => {
  const source = `test('never ends', () => new Promise(() => setInterval(() => {}, 1000)));`;
  const run = runTests(t, { 'src/hang.test.ts': source }, '--file-timeout=3');
  assert.equal(run.code, 1);
  assert.match(run.text, /not finished after 3 s; the last test begun was: never ends/);
  assert.equal(run.lines.at(-1), '0 passed, 1 failed');
});

test('filters choose files and tests; a run of no test is a failure', (t) => {
  const sources = { 'src/a.test.ts': `test('a', () => {});`, 'src/b.test.ts': `test('b', () => {});` };
  assert.equal(runTests(t, sources, 'src/b').lines.at(-1), '1 passed, 0 failed');
  const byName = runTests(t, sources, '--test-name-pattern=^a$');
  assert.deepEqual([byName.code, byName.lines.at(-1)], [0, '1 passed, 0 failed']);
  const nothing = runTests(t, sources, 'src/c');
  assert.deepEqual([nothing.code, nothing.lines.at(-1)], [1, '0 passed, 0 failed']);
});
