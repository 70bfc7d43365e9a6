import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { copyCheckout } from '../../test/support/checkout-copy.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { buildDashboard, isFresh } from './dashboard.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAX_COMPRESSED_BYTES = 150_000;

test('the page is small, names nobody else, and needs no inline script or style', async (t) => {
  const folder = join(await tempFolder(t, 'dashboard'), 'dashboard');
  assert.equal(isFresh(ROOT, folder), false);
  const files = await buildDashboard(ROOT, folder);
  assert.equal(isFresh(ROOT, folder), true);
  const bytes = files.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0);
  t.diagnostic(`figures: ${bytes} bytes compressed in ${files.length} files`);
  assert.ok(bytes < MAX_COMPRESSED_BYTES, `${bytes} bytes compressed`);
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  assert.doesNotMatch(page, /<style|style=|<script(?![^>]*src=)|https?:\/\//);
  const licences = await readFile(join(folder, 'THIRD-PARTY.txt'), 'utf8');
  for (const name of ['preact', 'uplot'])
    assert.match(licences, new RegExp(`^${name} [\\d.]+ \\(MIT\\)$`, 'm'));
  for (const { path } of files) {
    const content = await readFile(join(folder, path));
    assert.deepEqual(brotliDecompressSync(await readFile(join(folder, `${path}.br`))), content);
    assert.deepEqual(gunzipSync(await readFile(join(folder, `${path}.gz`))), content);
    // Names of XML dialects are no addresses.
    const addresses = content.toString().match(/https?:\/\/(?!www\.w3\.org\/)[\w.]+/g);
    assert.equal(addresses, null, path);
  }
});

test('a page that does not build keeps nobody from starting', async (t) => {
  const checkout = join(await tempFolder(t, 'checkout'), 'rondo');
  await copyCheckout(checkout);
  await writeFile(join(checkout, 'dashboard', 'main.tsx'), 'this is no program');
  const run = promisify(execFile);
  const args = [join(checkout, 'scripts', 'build-dashboard.ts')];
  const { stderr } = await run(process.execPath, [...args, '--if-older']);
  assert.match(stderr, /^the dashboard does not build: /m);
  await assert.rejects(run(process.execPath, args));
});
