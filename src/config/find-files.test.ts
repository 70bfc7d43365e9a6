import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import { configUser } from '../../test/support/config-user.ts';
import { testWith } from '../../test/support/requirements.ts';

const PROJECT = 'src/project/.goproxy';
const USER = '.config/rondo/.goproxy';

test('the nearest project file is found from a folder below, and is laid over the user’s own', async (t) => {
  const { load, write } = await configUser(t);
  const own = await write(
    USER,
    'proxy = https://mine.example\n[cache]\nmemory = 1MiB\n[timeouts]\nconnect = 1s\n',
  );
  const near = await write(
    PROJECT,
    'proxy = https://project.example\n[timeouts]\nconnect = 2s\n[cache]\nmemory = 5MiB\n',
  );
  await write('src/.goproxy', 'proxy = https://farther.example\n');
  const config = await load({ env: {} });
  assert.deepEqual(config.files, [near, own]);
  assert.deepEqual(
    config.chain.mirrors.map(({ name }) => name),
    ['project.example'],
  );
  assert.equal(config.timeouts.connectMs, 2000);
  assert.equal(config.cache.memoryBytes, 1_048_576, 'not an untrusted file’s business');
  assert.match(english(config.warnings)[0] ?? '', /is not trusted: ignored cache\.memory/);
  assert.match(english(config.warnings)[1] ?? '', /not trusted are used: https:\/\/project\.example \(file /);
});

test('a trusted or named project file counts whole; --config reads no other', async (t) => {
  const { load, write } = await configUser(t);
  await write(USER, '[cache]\nmemory = 1MiB\nhold = 1s\n');
  const content = 'proxy = http://project.example\n[cache]\nmemory = 5MiB\n';
  const path = await write(PROJECT, content);
  const named = await load({ env: {}, flags: { config: '../.goproxy' } });
  assert.deepEqual([named.files, named.cache.memoryBytes, named.cache.holdMs], [[path], 5_242_880, 5000]);
  const hash = createHash('sha256').update(`${path}\0${content}`).digest('hex');
  await write('state/trusted.json', JSON.stringify({ version: 1, files: { [hash]: path } }));
  const trusted = await load({ env: {} });
  assert.deepEqual(
    [trusted.chain.trusted, trusted.cache.memoryBytes, trusted.cache.holdMs],
    [true, 5_242_880, 1000],
  );
  assert.deepEqual(trusted.warnings, []);
  await write(PROJECT, `${content}; changed\n`);
  assert.equal((await load()).cache.memoryBytes, 1_048_576, 'trust is for the content');
  await rm(path);
  await write('src/project/sub/.goproxy', content);
  assert.equal((await load()).cache.memoryBytes, 1_048_576, 'and for its place: paths in it start there');
  await rm(join(dirname(path), 'sub', '.goproxy'));
  await write('state/trusted.json', '{"version":1,"files":{"x":1}}');
  assert.equal((await load()).cache.memoryBytes, 1_048_576, 'a broken list trusts nothing');
});

test('a proxy that an untrusted file may not give is an error where it counts, never the next level', async (t) => {
  const { load, write } = await configUser(t);
  await write(USER, 'proxy = https://mine.example\n');
  for (const [text, problem] of [
    ['http://a.example', '"http://a.example" is not https'],
    ['https://a.example,https://localhost:3000', '"https://localhost:3000" is on this machine or link'],
    ['', 'the GOPROXY list has no entries'],
    ['direct', 'it names no mirror: Rondo would be passed by'],
    ['off', 'it names no mirror: Rondo would be passed by'],
  ]) {
    const path = await write(PROJECT, `; ours\nproxy = ${text}\n`);
    await assert.rejects(load({ env: {} }), (error) => {
      assert.ok(error instanceof RondoError);
      assert.equal(error.code, 'E_CONFIG');
      assert.equal(error.message, `${path}:2: proxy cannot be used: the file is not trusted, and ${problem}`);
      assert.equal(error.hint, 'if you trust it: rondo config trust; if not, name the mirrors in GOPROXY');
      return true;
    });
    assert.equal((await load()).chain.origin, 'environment GOPROXY', 'the way out');
  }
});

test('the spelling of an untrusted file is checked before anything is ignored', async (t) => {
  const { load, write } = await configUser(t);
  for (const [content, hint] of [
    ['proxi = https://a.example', 'did you mean proxy?'],
    ['[serve]\nlisten = 127.0.0.1:1', 'did you mean [server]?'],
  ]) {
    await write(PROJECT, `${content}\n`);
    await assert.rejects(
      load(),
      (error) => error instanceof RondoError && error.code === 'E_CONFIG' && error.hint === hint,
    );
  }
});

test('the search stops at $HOME, and folders or pipes named .goproxy are no files', async (t) => {
  const { load, write, home, project } = await configUser(t);
  const path = await write('.goproxy', 'proxy = https://home.example\n');
  assert.deepEqual((await load({ env: {}, home: project, configDir: join(home, 'none') })).files, []);
  assert.deepEqual((await load()).files, [path]);
  await mkdir(join(project, '.goproxy'));
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(project, 'sub', '.goproxy')]);
  assert.deepEqual((await load()).files, [path]);
});

test('the search stops at $HOME however that is written, and takes the user’s own file for no project’s', async (t) => {
  const { load, write, home } = await configUser(t);
  const link = `${home}-link`;
  await symlink(home, link);
  t.after(() => rm(link));
  const inner = join(home, 'inner');
  await write('.goproxy', 'proxy = https://above.example\n');
  await write('inner/src/a', '');
  for (const [spelt, why] of [
    [`${inner}/`, 'a slash at its end'],
    [join(link, 'inner'), 'a link'],
    [`${join(link, 'inner')}//`, 'both'],
    [`${home}/x/../inner/.`, 'dots'],
  ] as const) {
    const found = await load({
      env: {},
      home: spelt,
      cwd: join(inner, 'src'),
      configDir: `${spelt}/.config`,
    });
    assert.deepEqual(found.files, [], why);
  }
  const own = await write('inner/.config/rondo/.goproxy', 'proxy = http://127.0.0.1:9\n');
  const configDir = join(link, 'inner', '.config', 'rondo');
  const cwd = dirname(own);
  const { files, chain } = await load({ env: {}, home: inner, cwd, configDir });
  assert.deepEqual([files, chain.trusted], [[join(configDir, '.goproxy')], true]);
});

test('a project file that belongs to somebody else is ignored, and no farther one is taken', async (t) => {
  const { load, write } = await configUser(t);
  await write('src/.goproxy', 'proxy = https://farther.example\n');
  const path = await write(PROJECT, 'proxy = https://foreign.example\n');
  const owner = (await stat(path)).uid;
  const config = await load({ uid: owner + 1 });
  assert.deepEqual(
    [config.files, english(config.warnings)],
    [[], [`${path} belongs to another user and is ignored`]],
  );
  if (process.getuid?.() !== 0) return;
  await chown(path, 12_345, 12_345);
  assert.deepEqual((await load()).files, []);
});

test('a file of more than 1 MiB is refused', async (t) => {
  const { load, write } = await configUser(t);
  await write(PROJECT, `;${'x'.repeat(1024 * 1024)}`);
  await assert.rejects(load(), /is larger than 1 MiB/);
});

test('a link of a project is not followed, a loop no less; one of the user’s own is', async (t) => {
  const { load, write, home, project } = await configUser(t);
  const secret = await write('netrc', 'machine a.example login me password swordfish\n');
  const path = join(project, '.goproxy');
  for (const target of [secret, '.goproxy']) {
    await symlink(target, path);
    const { files, warnings } = await load();
    assert.deepEqual([files, english(warnings)], [[], [`${path} is a link and is ignored`]]);
    await rm(path);
  }
  await mkdir(join(home, '.config', 'rondo'), { recursive: true });
  await symlink(await write('dotfiles/goproxy', '[cache]\nmemory = 1MiB\n'), join(home, USER));
  assert.equal((await load()).cache.memoryBytes, 1_048_576);
});

test('no message shows what stands in a file that nobody has trusted', async (t) => {
  const { load, write } = await configUser(t);
  for (const content of [
    'machine a.example login me password swordfish',
    'swordfish = 1',
    '[swordfish]\na = 1',
    '[swordfish',
    '[mirror "a"]\nswordfish = 1',
    '[timeouts]\nheader = swordfish',
    '[mirror "a"]\nweight = swordfish',
    'swordfish\u0001 = 1\nswordfish\u0001 = 1',
  ]) {
    const path = await write(PROJECT, content);
    await assert.rejects(load(), (error) => {
      assert.ok(error instanceof RondoError);
      assert.ok(error.message.startsWith(`${path}:`), error.message);
      assert.doesNotMatch(`${error.message} ${error.hint} ${error.details.join()}`, /swordfish/);
      return true;
    });
  }
});

await testWith(['linux'], 'a file without a size is read no farther than any other', async (t) => {
  const { load } = await configUser(t);
  await assert.rejects(load({ flags: { config: '/proc/self/pagemap' } }), /pagemap is larger than 1 MiB/);
});
