import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../words/render.ts';
import { compareGoVersions, parseGoVersion } from './go-version.ts';
import {
  goPlatformOf,
  parseToolchainName,
  toolchainName,
  toolchainZip,
  whyNoToolchain,
} from './toolchain.ts';

test('versions of Go in their order', () => {
  const order = [
    'nonsense',
    '1',
    '1.9',
    '1.20rc2',
    '1.20',
    '1.20.1',
    '1.21',
    '1.21rc1',
    '1.21rc2',
    '1.21.0',
    '1.21.10',
    '1.26.8',
    '2.0.0',
  ];
  for (const [index, version] of order.entries())
    for (const [other, against] of order.entries())
      assert.equal(
        Math.sign(compareGoVersions(version, against)),
        Math.sign(index - other),
        `${version} ${against}`,
      );
  assert.equal(compareGoVersions('go1.21.0', '1.21.0'), 0);
  for (const text of ['', 'go', '1.', '01.2', '1.02', '1.2.3.4', '1.2rc', '1.2rc1.3', '1.21.0-fips', '1.2\n'])
    assert.equal(parseGoVersion(text), undefined, JSON.stringify(text));
});

test('a toolchain, its zip and its folder', () => {
  const toolchain = { version: '1.26.8', os: 'linux', arch: 'amd64' };
  assert.deepEqual(toolchainZip(toolchain), {
    kind: 'zip',
    module: 'golang.org/toolchain',
    version: 'v0.0.1-go1.26.8.linux-amd64',
  });
  assert.equal(toolchainName(toolchain), 'go1.26.8.linux-amd64');
  assert.deepEqual(parseToolchainName('go1.26.8.linux-amd64'), toolchain);
  for (const name of [
    'go1.26.8',
    '1.26.8.linux-amd64',
    'go1.26.8.linux',
    'gox.linux-amd64',
    'go1.26.8.linux-amd64/..',
  ])
    assert.equal(parseToolchainName(name), undefined, name);
});

test('which versions have a toolchain', () => {
  for (const version of ['1.21.0', '1.21rc2', '1.26.8', '1.27rc1'])
    assert.equal(whyNoToolchain(version), undefined, version);
  assert.match(render(whyNoToolchain('1.20.5') ?? ''), /from 1\.21\.0 on/);
  assert.match(render(whyNoToolchain('1.26') ?? ''), /a toolchain is 1\.26\.0 or later/);
  assert.match(render(whyNoToolchain('latest') ?? ''), /no version of Go/);
});

test("Go's names of this machine and others", () => {
  assert.deepEqual(goPlatformOf('win32', 'x64'), { os: 'windows', arch: 'amd64' });
  assert.deepEqual(goPlatformOf('darwin', 'arm64'), { os: 'darwin', arch: 'arm64' });
  assert.deepEqual(goPlatformOf('linux', 'ia32'), { os: 'linux', arch: '386' });
});
