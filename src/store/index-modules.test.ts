import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../kit/clock.ts';
import type { IndexDatabase, KnownFile } from './index-database.ts';
import { findModules, findVersions } from './index-modules.ts';
import type { IndexRow } from './index-row.ts';

/** An index in memory that counts how many rows were read. */
function indexOf(keys: readonly string[]) {
  const sorted = [...keys].sort();
  const row = (key: string): IndexRow => ({
    key,
    sizeBytes: 10,
    etag: '"a"',
    lastRequestS: 7,
    written: true,
  });
  const read = { pages: 0, rows: 0 };
  const database = {
    page(after: string, limit: number): KnownFile[] {
      read.pages += 1;
      let [low, high] = [0, sorted.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sorted[middle] ?? '') > after) high = middle;
        else low = middle + 1;
      }
      return sorted.slice(low, low + limit).map(row);
    },
    list({ prefix = '' }): IndexRow[] {
      const found = sorted.filter((key) => key.startsWith(prefix)).map(row);
      read.rows += found.length;
      return found;
    },
  } as unknown as IndexDatabase;
  const use = async <T>(task: (database: IndexDatabase) => T): Promise<T> => task(database);
  const find = (search: string, limit = 50, after = ''): ReturnType<typeof findModules> =>
    findModules({ search, limit, after }, use, systemClock);
  return { find, read, use };
}

const KEYS = [
  'answers/sum.example/latest',
  'example.com/a/@v/v1.0.0.info',
  'example.com/a/@v/v1.0.0.mod',
  'example.com/a/@v/v1.1.0.mod',
  'example.com/a/@v/v1.1.0.ziphash',
  'example.com/a/@v/list',
  'example.com/a/b/@v/v1.0.0.zip',
  'github.com/!burnt!sushi/toml/@v/v1.10.0.mod',
  'github.com/!burnt!sushi/toml/@v/v1.9.0.mod',
  'sumdb/sum.example/lookup/example.com/a@v1.0.0',
];

test('a module once, with its versions and bytes; answers and databases are none', async () => {
  const { modules, next } = await indexOf(KEYS).find('');
  assert.deepEqual(modules, [
    { module: 'example.com/a', versions: 2, bytes: 30, lastRequestS: 7 },
    { module: 'example.com/a/b', versions: 1, bytes: 10, lastRequestS: 7 },
    { module: 'github.com/BurntSushi/toml', versions: 2, bytes: 20, lastRequestS: 7 },
  ]);
  assert.equal(next, undefined);
});

test('any part of the path, in any case', async () => {
  const { find } = indexOf(KEYS);
  const names = async (search: string): Promise<string[]> =>
    (await find(search)).modules.map(({ module }) => module);
  assert.deepEqual(await names('SUSHI'), ['github.com/BurntSushi/toml']);
  assert.deepEqual(await names('a/b'), ['example.com/a/b']);
  assert.deepEqual(await names('%'), []);
});

test('what follows an @ is a part of a version', async () => {
  const { find } = indexOf(KEYS);
  const names = async (search: string): Promise<string[]> =>
    (await find(search)).modules.map(({ module }) => module);
  assert.deepEqual(await names('example.com/a@v1.1'), ['example.com/a']);
  assert.deepEqual(await names('@V1.0'), ['example.com/a', 'example.com/a/b']);
  assert.deepEqual(await names('toml@v1.10.0'), ['github.com/BurntSushi/toml']);
  assert.deepEqual(await names('toml@v2'), []);
});

test('a search for a version nobody has takes more steps, and ends too', async () => {
  const many = Array.from({ length: 5000 }, (_, nth) => `example.com/m${nth}/@v/v1.0.0.mod`);
  const { find, read } = indexOf(many);
  const { modules, next } = await find('@v9');
  assert.deepEqual(modules, []);
  assert.ok(read.rows > 1000 && read.rows < 2000, `${read.rows} rows`);
  assert.notEqual(next, undefined);
});

test('page by page all come, each once', async () => {
  const { find } = indexOf(KEYS);
  const seen: string[] = [];
  let after: string | undefined = '';
  while (after !== undefined) {
    const page = await find('', 1, after);
    seen.push(...page.modules.map(({ module }) => module));
    after = page.next;
  }
  assert.deepEqual(seen, ['example.com/a', 'example.com/a/b', 'github.com/BurntSushi/toml']);
});

test('of a module that is not wanted no file is read, and a search ends however much there is', async () => {
  const many = Array.from({ length: 25_000 }, (_, nth) => `example.com/m${nth}/@v/v1.0.0.mod`);
  const { find, read } = indexOf(many);
  const { modules, next } = await find('nothing of the kind');
  assert.deepEqual([modules, read.rows, read.pages], [[], 0, 20_000]);
  assert.match(next ?? '', /^example\.com\/m\d+$/);
});

test('versions with their files, the highest first; what is no module is refused', async () => {
  const { use } = indexOf(KEYS);
  const versions = await findVersions('github.com/BurntSushi/toml', use);
  assert.deepEqual(
    versions.map(({ version, files }) => [version, files.map(({ kind }) => kind)]),
    [
      ['v1.10.0', ['mod']],
      ['v1.9.0', ['mod']],
    ],
  );
  await assert.rejects(() => findVersions('../etc', use), { code: 'E_BAD_NAME' });
});
