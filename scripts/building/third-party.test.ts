import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { packageFolder, thirdPartyLicences } from './third-party.ts';

function makeRoot(t: TestContext, packages: Record<string, Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'rondo-licences-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, files] of Object.entries(packages)) {
    const folder = join(root, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  }
  return root;
}

test('the package of a bundled file', () => {
  assert.equal(packageFolder('src/main.ts'), undefined);
  assert.equal(packageFolder('node_modules/a/lib/x.js'), 'node_modules/a');
  assert.equal(packageFolder('node_modules/a/node_modules/@b/c/x.js'), 'node_modules/a/node_modules/@b/c');
});

test('each bundled package is named once, with its licence and notice', (t) => {
  const root = makeRoot(t, {
    '@a/b': {
      'package.json': '{"name":"@a/b","version":"1.2.3","license":"MIT"}',
      'LICENSE.md': 'the text\r\n',
      NOTICE: 'a notice',
    },
    unused: { 'package.json': '{"name":"unused","version":"1.0.0","license":"MIT"}' },
  });
  const text = thirdPartyLicences(root, ['node_modules/@a/b/x.js', 'node_modules/@a/b/y.js', 'src/main.ts']);
  assert.equal(text.match(/@a\/b 1\.2\.3 \(MIT\)\n\nthe text\n\na notice\n/g)?.length, 1);
  assert.doesNotMatch(text, /unused/);
});

test('a package without any licence stops the build', (t) => {
  const root = makeRoot(t, { x: { 'package.json': '{"name":"x","version":"1.0.0"}' } });
  assert.throws(() => thirdPartyLicences(root, ['node_modules/x/i.js']), /x@1\.0\.0 names no licence/);
});
