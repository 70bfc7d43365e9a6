import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configUser } from '../../test/support/config-user.ts';
import { compareConfigs } from './compare-configs.ts';
import type { Config } from './config.ts';
import { configJson, renderConfig } from './show-config.ts';

test('the secret of alerts comes from a variable or a file, is kept out of what is shown, and is not left out in silence', async (t) => {
  const { load, write } = await configUser(t);
  const env = { GOPROXY: 'https://m.example', RONDO_ALERTS_WEBHOOK: 'https://h.example/x' };
  const secret = async (given: Readonly<Record<string, string>>): Promise<string | undefined> =>
    (await load({ env: given })).alertSecrets.secret;
  assert.equal(await secret(env), undefined);
  const named = { ...env, RONDO_ALERTS_SECRET_ENV: 'HOOK_KEY' };
  assert.equal(await secret({ ...named, HOOK_KEY: 's3cret-s3cret-s3cret' }), 's3cret-s3cret-s3cret');
  await assert.rejects(load({ env: named }), /alerts\.secret_env: the variable HOOK_KEY is not set/);
  const file = await write('key', 's3cret-s3cret-s3cret\n');
  const inFile = { ...env, RONDO_ALERTS_SECRET_FILE: file };
  assert.equal(await secret(inFile), 's3cret-s3cret-s3cret');
  await write('key', '\n');
  await assert.rejects(load({ env: inFile }), /alerts\.secret_file: cannot read .*: it is empty/);
  await assert.rejects(load({ env: { ...inFile, ...named } }), /has both secret_env and secret_file/);
});

test('a secret that signs nothing is refused, with what makes a better one, and is not shown', async (t) => {
  const { load, write } = await configUser(t);
  const given = (HOOK_KEY: string): Promise<Config> =>
    load({ env: { GOPROXY: 'https://m.example', RONDO_ALERTS_SECRET_ENV: 'HOOK_KEY', HOOK_KEY } });
  const base64 = (bytes: number): string => Buffer.alloc(bytes, 0xfb).toString('base64');
  const good = [`whsec_${base64(24)}`, `whsec_${base64(32)}`, `whsec_${base64(64)}`, 'x'.repeat(16)];
  for (const secret of good) assert.equal((await given(secret)).alertSecrets.secret, secret);
  const noKey = 'alerts.secret_env: behind whsec_ is not the base64 of 24 to 64 bytes';
  const bad: [secret: string, message: string][] = [
    ['whsec_', noKey],
    ['whsec_$(cat secret)', noKey],
    [`whsec_${base64(23)}`, noKey],
    [`whsec_${base64(65)}`, noKey],
    [`whsec_ ${base64(32)}`, noKey],
    [`whsec_${base64(32).replace('=', '')}`, noKey],
    [`whsec_${base64(32).replaceAll('+', '-')}`, noKey],
    ['whsec-x'.repeat(2), 'alerts.secret_env: the secret has fewer than 16 characters'],
  ];
  const hint = 'make one, and give it to the receiver too: echo "whsec_$(openssl rand -base64 32)"';
  for (const [secret, message] of bad)
    await assert.rejects(given(secret), { code: 'E_CONFIG', message, hint }, secret);
  const file = await write('key', 'short\n');
  const inFile = { GOPROXY: 'https://m.example', RONDO_ALERTS_SECRET_FILE: file };
  await assert.rejects(load({ env: inFile }), /^RondoError: alerts\.secret_file: the secret has fewer/);
});

test('the URL of a webhook comes from its key, a variable or a file, and no text ever has it', async (t) => {
  const { load, write } = await configUser(t);
  const url = 'https://h.example/services/t0ken?k=t0ken';
  const base = { GOPROXY: 'https://m.example' };
  const file = await write('hook', `${url}\n`);
  const ways: Readonly<Record<string, string>>[] = [
    { RONDO_ALERTS_WEBHOOK: url },
    { RONDO_ALERTS_WEBHOOK_ENV: 'HOOK', HOOK: url },
    { RONDO_ALERTS_WEBHOOK_FILE: file },
  ];
  for (const way of ways) {
    const config = await load({ env: { ...base, ...way } });
    assert.equal(config.alertSecrets.webhook, url);
    const shown = renderConfig(config, { origins: true }) + JSON.stringify(configJson(config));
    assert.doesNotMatch(shown, /t0ken/);
  }
  const [own] = ways;
  const [before, after] = await Promise.all(
    [url, `${url}2`].map((each) => load({ env: { ...base, RONDO_ALERTS_WEBHOOK: each } })),
  );
  assert.ok(before !== undefined && after !== undefined);
  assert.deepEqual(compareConfigs(before, after).restart, ['alerts.webhook']);
  assert.match(renderConfig(before, { origins: false }), /^;webhook = +; set, and not shown/m);
  const wrong: [Readonly<Record<string, string>>, RegExp][] = [
    [{ RONDO_ALERTS_WEBHOOK: 'h.example/t0ken' }, /must be an http or https URL without a login$/],
    [
      { RONDO_ALERTS_WEBHOOK_ENV: 'HOOK', HOOK: 'h.example/t0ken' },
      /alerts\.webhook_env holds no http or https URL/,
    ],
    [{ RONDO_ALERTS_WEBHOOK_ENV: 'HOOK' }, /the variable HOOK is not set$/],
    [{ ...own, RONDO_ALERTS_WEBHOOK_FILE: file }, /has both webhook and webhook_file$/],
  ];
  for (const [given, message] of wrong) {
    await assert.rejects(load({ env: { ...base, ...given } }), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /t0ken/);
      return true;
    });
  }
});
