import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { filledCopy } from '../support/filled-copy.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempProject } from '../support/temp-folder.ts';
import { DATABASE, NEEDED, PROJECT, SERVED } from './bench.ts';
import { runRondo } from './rondo-command.ts';

test('a broken go.mod or go.work is told as go tells it, and nothing is fetched', async (context) => {
  const t = reverseCleanup(context);
  const { env } = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const goMod = PROJECT['go.mod'] ?? '';
  const line = goMod.split('\n').length;
  const table: [string, string][] = [
    ['requir x\n', `go.mod:${line}: unknown directive: requir (E_GO_MOD)\n`],
    ['requre (\n', `go.mod:${line + 1}: syntax error (unterminated block started at ${line}:1) (E_GO_MOD)\n`],
    [
      'require github.com/spf13/cobra 1.10\nrequir x\n',
      `go.mod:${line}: require github.com/spf13/cobra: version "1.10" invalid: must be of the form v1.2.3 (E_GO_MOD)\n`,
    ],
  ];
  const cwd = await tempProject(t, PROJECT);
  for (const [added, told] of table) {
    await writeFile(join(cwd, 'go.mod'), `${goMod}${added}`);
    const run = await runRondo(t, ['sync'], { env, cwd });
    assert.deepEqual([run.code, run.stdout], [2, ''], run.stderr);
    assert.ok(run.stderr.includes(`error: ${join(cwd, told)}`), run.stderr);
    assert.match(run.stderr, /\nhint: mend that line; go mod tidy /);
  }
  const workspace = await tempProject(t, { ...PROJECT, 'go.work': 'go 1.21\n\nuse .\nuses ./x\n' });
  const run = await runRondo(t, ['sync'], { env, cwd: workspace });
  assert.equal(run.code, 2, run.stderr);
  assert.match(run.stderr, /go\.work:4: unknown directive: uses \(E_GO_MOD\)$/m);
});

test('without a network one line says what is missing, and the code is that of mirrors', async (context) => {
  const t = reverseCleanup(context);
  const { env, mirrors } = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  for (const mirror of mirrors) await mirror.stop();
  const cwd = await tempProject(t, PROJECT);
  const run = await runRondo(t, ['sync', '--target', './out'], { env, cwd });
  assert.equal(run.code, 3, run.stderr);
  const lines = run.stdout.trim().split('\n');
  assert.equal(lines.length, 1, run.stdout);
  const all = NEEDED.length * 3 - 1;
  assert.match(
    lines[0] ?? '',
    new RegExp(`^MISSING  \\S+@\\S+ \\.\\w+ and ${all} more: all 2 mirrors failed for `),
  );
  assert.match(run.stderr, /When the network is back: rondo sync; to see what is wrong: rondo doctor$/m);
  assert.doesNotMatch(run.stderr, /go mod download|cache import/);
  assert.match(run.stderr, /the target is as it was/);
});

test('a module that needs no other gives a bundle of nothing, and that is said', async (context) => {
  const t = reverseCleanup(context);
  const { env } = await filledCopy(t, [], { ...SERVED, database: DATABASE });
  const cwd = await tempProject(t, { 'go.mod': 'module example.com/alone\n\ngo 1.21\n' });
  const run = await runRondo(t, ['sync', '--target', 'b.tar.zst'], { env, cwd });
  assert.deepEqual([run.code, run.stdout], [0, ''], run.stderr);
  assert.match(run.stderr, /^rondo: nothing to fetch: no module of anybody else is needed$/m);
  assert.match(run.stderr, /^rondo: wrote 0 files of 0 B into .*b\.tar\.zst, which has \d+ B$/m);
  const imported = await runRondo(t, ['cache', 'import', 'b.tar.zst', '--offline'], { env, cwd });
  assert.match(imported.stderr, /^rondo: 0 versions: imported 0 files, 0 B$/m);
});
