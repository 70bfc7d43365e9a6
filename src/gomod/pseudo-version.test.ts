import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPseudoVersion, pseudoVersionTime } from './pseudo-version.ts';

test('each of the three shapes is recognised and gives its commit time', () => {
  for (const version of [
    'v0.0.0-20230102030405-abcdef123456',
    'v1.2.4-0.20230102030405-abcdef123456+incompatible',
    'v1.2.3-rc.1.0.20230102030405-abcdef123456',
  ]) {
    assert.equal(pseudoVersionTime(version)?.toISOString(), '2023-01-02T03:04:05.000Z', version);
  }
});

test('releases, pre-releases and toolchains are no pseudo-versions', () => {
  for (const version of ['v1.2.3', 'v1.2.3-rc.1', 'v0.0.1-go1.26.0.linux-amd64', 'master', '']) {
    assert.equal(isPseudoVersion(version), false, version);
    assert.equal(pseudoVersionTime(version), undefined, version);
  }
});

test('digits that are no time are still a pseudo-version, without a time', () => {
  const version = 'v0.0.0-20230231030405-abcdef123456';
  assert.equal(isPseudoVersion(version), true);
  assert.equal(pseudoVersionTime(version), undefined);
});
