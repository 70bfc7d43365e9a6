import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandContext } from '../../test/support/cli-context.ts';
import { configUser } from '../../test/support/config-user.ts';
import { showable } from './sync-work.ts';
import { tellSynced } from './sync-words.ts';

const FILES = ['example.com/m', 'secret.corp/priv', 'also.corp/x'].map(
  (module) => ({ module, version: 'v1.0.0', kind: 'mod' }) as const,
);

test('another Rondo hears of no private module, unless it is of this machine', async (t) => {
  const { load } = await configUser(t);
  const config = await load({ env: { GOPRIVATE: 'secret.corp', GONOPROXY: '*.corp' } });
  const asked = (url: string): string[] => showable(FILES, new URL(url), config).map(({ module }) => module);
  assert.deepEqual(asked('https://rondo.example.com/x'), ['example.com/m']);
  assert.deepEqual(asked('http://10.0.0.1:7070'), ['example.com/m']);
  for (const own of ['http://127.0.0.1:7070', 'http://[::1]:7070', 'http://localhost:7070'])
    assert.equal(asked(own).length, 3, own);
});

test('GONOPROXY=none lets another Rondo hear of what is private: the user chose it', async (t) => {
  const { load, write } = await configUser(t);
  const env = { GOPRIVATE: 'secret.corp', GONOPROXY: 'none', GONOSUMDB: 'also.corp' };
  const asked = async (): Promise<number> =>
    showable(FILES, new URL('https://rondo.example.com'), await load({ env: { ...env } })).length;
  assert.equal(await asked(), 3);
  await write('src/project/.goproxy', 'proxy = https://evil.example\n');
  assert.equal(await asked(), 3, 'whoever wrote the chain did not choose the target');
});

test('a report has no login of the target, and says what was withheld', () => {
  const { context, stdout, stderr } = commandContext({ env: {}, cwd: '/', home: '/' });
  const none = { fetched: 0, fetchedBytes: 0, missing: [] };
  const code = tellSynced(
    {
      kind: 'done',
      filled: { ...none, needed: 1, already: 1, different: [] },
      fromGoCache: undefined,
      records: none,
      seals: [],
      exported: undefined,
      bundleBytes: undefined,
      refused: none,
      withheld: FILES.slice(1),
    },
    {
      target: { kind: 'rondo', url: new URL('https://user:secret@rondo.example.com/') },
      projects: [],
      flags: { json: true },
    },
    context,
  );
  assert.equal(code, 0);
  assert.doesNotMatch(stdout() + stderr(), /secret@|user/);
  const { target } = JSON.parse(stdout()) as { target: object };
  assert.deepEqual(target, { kind: 'rondo', url: 'https://rondo.example.com/' });
  assert.match(stderr(), /2 files of modules that GOPRIVATE or GONOPROXY names were not asked/);
});
