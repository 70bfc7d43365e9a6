import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { configUser } from '../../test/support/config-user.ts';
import { english } from '../../test/support/english.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { checkFile } from './check-file.ts';
import { configJson, renderConfig } from './show-config.ts';

const USER = '.config/rondo/.goproxy';

/** The places by name, and what was warned of. */
async function placesOf(load: Awaited<ReturnType<typeof configUser>>['load']): Promise<object> {
  const { targets } = await load();
  return Object.fromEntries([...targets].map(([name, { to }]) => [name, to]));
}

test('a target is a path from its file, or a URL as it is written', async (t) => {
  const { home, write, load } = await configUser(t);
  const places = [
    'stick = ../stick',
    'home = ~/bundle.tar.zst',
    'lab = https://rondo.example.com/go',
    'f = file:///srv/go',
  ];
  const sections = places.map((line) => line.replace(/^(\w+) = (.*)$/, '[target "$1"]\nto = $2\n'));
  const path = await write(USER, sections.join(''));
  assert.deepEqual(await placesOf(load), {
    stick: join(home, '.config', 'stick'),
    home: join(home, 'bundle.tar.zst'),
    lab: 'https://rondo.example.com/go',
    f: 'file:///srv/go',
  });
  const config = await load();
  assert.equal(config.origins.get('target.lab.to'), `file ${path}:6`);
  const shown = renderConfig(config, { origins: true });
  assert.match(shown, /^\[target "lab"\]\nto = https:\/\/rondo\.example\.com\/go +; file .*:6$/m);
  const { targets } = configJson(config) as { targets: Record<string, unknown> };
  assert.deepEqual(targets['f'], { to: { value: 'file:///srv/go', origin: `file ${path}:8` } });
  // What is shown makes the same.
  await write(USER, shown.replace(/^proxy = .*$/m, ''));
  assert.deepEqual((await load()).targets, config.targets);
});

test("a checkout's file defines none, and takes none over, until it is trusted", async (t) => {
  const { home, write, load } = await configUser(t);
  await write(USER, '[target "prod"]\nto = ~/own\n');
  const path = await write(
    'src/project/.goproxy',
    '[target "prod"]\nto = https://evil.example\n[target "more"]\nto = /etc\n',
  );
  const { targets, warnings } = await load();
  assert.deepEqual([...targets], [['prod', { to: join(home, 'own') }]]);
  assert.deepEqual(
    english(warnings).filter((line) => line.includes('ignored')),
    [
      `${path} is not trusted: ignored target.prod.to, target.more.to (\`rondo config trust\` takes all of it)`,
    ],
  );
  const named = await load({ flags: { config: path } });
  assert.deepEqual([...named.targets.keys()], ['prod', 'more']);
});

test('what is no place and what is no name is told with its line', () => {
  const folders = { home: '/home/u', cacheDir: '/cache' };
  const problemsOf = (content: string): string[] =>
    checkFile({ path: 'f', content }, folders).map((error) => {
      assert.ok(error instanceof RondoError && error.code === 'E_CONFIG');
      return error.message;
    });
  const form = 'must be a folder, FILE.tar.zst, or the URL of another Rondo';
  const table: [string, string | undefined][] = [
    ['[target "a"]\nto = ./x', undefined],
    ['[target "a"]\nto = C:\\x', undefined],
    ['[target "a"]\nto = ftp://x.example/', `f:2: target.a.to = "ftp://x.example/" ${form}`],
    ['[target "a"]\nto = https://u:p@x.example/', `f:2: target.a.to = "https://***@x.example/" ${form}`],
    ['[target "a"]\nto = http://', `f:2: target.a.to = "http://" ${form}`],
    [
      '[target "a"]\nto = $HOME/x',
      'f:2: target.a.to = "$HOME/x" names a variable, and none is looked up here',
    ],
    ['[target "a/b"]\nto = x', "f:2: a target's name is 1 to 100 letters, digits and . _ -"],
    ['[target "b.tar.zst"]\nto = x', "f:2: a target's name is 1 to 100 letters, digits and . _ -"],
    ['[target]\nto = x', 'f:2: [target] has no name'],
    ['[target "a"]\nurl = x', 'f:2: there is no key "url" in [target]'],
  ];
  for (const [content, problem] of table)
    assert.deepEqual(problemsOf(content), problem === undefined ? [] : [problem], content);
});
