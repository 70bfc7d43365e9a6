import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configUser } from '../../test/support/config-user.ts';
import { messageOf } from '../errors/rondo-error.ts';
import { compareConfigs, keepingUntilRestart } from './compare-configs.ts';
import { configJson, configValues, renderConfig } from './show-config.ts';

const USER = '.config/rondo/.goproxy';
const TOKEN = 's3cret-s3cret-s3cret';

test('the token comes from the environment or a file, and is shown nowhere', async (t) => {
  const { load, write } = await configUser(t);
  const fromEnv = await load({ env: { GOPROXY: 'https://a.example', RONDO_SERVER_ADMIN_TOKEN: TOKEN } });
  const file = await write('own.ini', `[server]\nadmin_token = ${TOKEN}\n`);
  const fromFile = await load({ flags: { config: file } });
  for (const config of [fromEnv, fromFile]) {
    assert.equal(config.server.adminToken, TOKEN);
    const shown = [
      renderConfig(config, { origins: true }),
      JSON.stringify(configJson(config)),
      JSON.stringify(configValues(config)),
    ];
    for (const text of shown) {
      assert.match(text, /admin_token/);
      assert.doesNotMatch(text, /s3cret/);
    }
    // What is shown makes no other token of it.
    assert.match(shown[0] ?? '', /^;admin_token = +; set, and not shown/m);
  }
  assert.match(renderConfig(await load(), { origins: false }), /^;admin_token = +; not set/m);
});

test('one that can be guessed is refused, and the refusal does not have it', async (t) => {
  const { load } = await configUser(t);
  for (const text of ['s3cret', 's3cret s3cret s3cret s3cret', 's3cret'.repeat(100)]) {
    const env = { GOPROXY: 'https://a.example', RONDO_SERVER_ADMIN_TOKEN: text };
    await assert.rejects(
      () => load({ env }),
      (error) => {
        assert.match(
          messageOf(error),
          /^RONDO_SERVER_ADMIN_TOKEN = .* must be a token of 16 to 512 characters/,
        );
        assert.doesNotMatch(messageOf(error), /s3cret/);
        return true;
      },
    );
  }
});

test('another one counts at once, and is told without either', async (t) => {
  const { load, write } = await configUser(t);
  await write(USER, `proxy = https://a.example\n[server]\nadmin_token = ${TOKEN}-1\n`);
  const before = await load({ env: {} });
  await write(USER, `proxy = https://a.example\n[server]\nadmin_token = ${TOKEN}-2\n`);
  const after = await load({ env: {} });
  assert.deepEqual(compareConfigs(before, after), { changed: ['server.admin_token'], restart: [] });
  assert.equal(keepingUntilRestart(before, after).server.adminToken, `${TOKEN}-2`);
});
