import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configUser } from './support/config-user.ts';
import { mirrorsSettings } from '../src/settings-map.ts';

test('mirrors of a checkout see no private path, though GONOPROXY=none lets those of the user', async (t) => {
  const { load, write } = await configUser(t);
  const variables = {
    GOPRIVATE: 'corp.example, *.corp.example',
    GONOPROXY: 'none',
    GONOSUMDB: 'nosum.example',
  };
  const own = await load({ env: { ...variables, GOPROXY: 'https://corp.example' } });
  assert.equal(mirrorsSettings(own).privatePatterns, 'none');
  await write('src/project/.goproxy', 'proxy = https://evil.example\n');
  const theirs = await load({ env: variables });
  assert.equal(theirs.chain.trusted, false);
  assert.equal(mirrorsSettings(theirs).privatePatterns, 'corp.example,*.corp.example,nosum.example');
});
