import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import './loopback-only.ts';
import { tempFolder } from './temp-folder.ts';

const MODULE = join(import.meta.dirname, 'requirements.ts');

/** Runs a test file that needs go, on a machine (a PATH) that has none, or one that works when `go` is given. */
async function runNeedy(t: TestContext, settings: { require?: string; go?: string }) {
  const folder = await tempFolder(t, 'needy');
  const file = join(folder, 'needy.test.ts');
  const leftOut = join(folder, 'left-out');
  await writeFile(leftOut, '');
  await writeFile(
    file,
    `import { testWith } from ${JSON.stringify(MODULE)};\nawait testWith(['go'], 'needs go', () => console.error('ran'));\n`,
  );
  if (settings.go !== undefined) await writeFile(join(folder, 'go'), settings.go, { mode: 0o755 });
  const env = { PATH: folder, RONDO_LEFT_OUT: leftOut, RONDO_REQUIRE: settings.require ?? '' };
  const child = spawn(process.execPath, ['--test-reporter=tap', file], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return {
    code: child.exitCode,
    stdout,
    ran: stderr.includes('ran'),
    leftOut: await readFile(leftOut, 'utf8'),
  };
}

test('a missing part that nobody requires is left out, with its reason, and nothing is skipped', async (t) => {
  const run = await runNeedy(t, { require: 'network' });
  assert.equal(run.code, 0);
  assert.match(run.leftOut, /^go: `go version` does not work here: needs go\n$/);
  assert.doesNotMatch(run.stdout, /skip|needs go/i);
  assert.ok(!run.ran);
});

test('a missing part that is required fails', async (t) => {
  const run = await runNeedy(t, { require: 'network, go' });
  assert.equal(run.code, 1);
  assert.match(run.stdout, /not ok 1 - needs go[^]*RONDO_REQUIRE names go/);
  assert.equal(run.leftOut, '');
});

test('a part that is there is used', async (t) => {
  const run = await runNeedy(t, { go: '#!/bin/sh\nexit 0\n' });
  assert.deepEqual([run.code, run.ran, run.leftOut], [0, true, '']);
});
