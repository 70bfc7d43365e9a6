import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from './config.ts';
import { configUser } from '../../test/support/config-user.ts';
import { tableOf } from '../words/language.ts';
import { renderInitFile } from './init-file.ts';
import { parseIniFile } from './ini-file.ts';
import { KEYS, MIRROR } from './keys.ts';

const USER = '.config/rondo/.goproxy';

const MIRRORS = [
  { name: 'a.example', url: 'https://a.example', note: 'reachable, first byte after 31ms' },
  { name: 'corp', url: 'https://me:hunter2@b.example/go/', note: 'reachable\n[cache]\ndir = /evil' },
  { name: '[::1]:3000', url: 'http://[::1]:3000', note: 'connection refused' },
];

const PROXY = 'https://a.example,https://b.example/go,http://[::1]:3000|direct';

/** The values alone: origins differ, of course. */
function valuesOf({ origins: _origins, files: _files, chain, ...rest }: Config): unknown {
  return {
    ...rest,
    end: [chain.end, chain.endSeparator],
    mirrors: chain.mirrors,
  };
}

function uncomment(content: string, pattern: RegExp): { content: string; count: number } {
  const lines = content.split('\n').map((line) => (pattern.test(line) ? line.slice(1) : line));
  return {
    content: lines.join('\n'),
    count: lines.filter((line, i) => line !== content.split('\n')[i]).length,
  };
}

test('the fresh file sets the chain and nothing else', async (t) => {
  const { load, write } = await configUser(t);
  const content = renderInitFile({ proxy: PROXY, mirrors: MIRRORS });
  assert.deepEqual(
    parseIniFile(content, 'f').map(({ section, key, text }) => [section, key, text]),
    [['', 'proxy', PROXY]],
  );
  const plain = await load({ env: { GOPROXY: PROXY } });
  const path = await write(USER, content);
  const fresh = await load({ env: {} });
  assert.deepEqual(valuesOf(fresh), valuesOf(plain));
  assert.match(fresh.chain.origin, new RegExp(`^file ${path}:\\d+$`));
  assert.deepEqual([...new Set(fresh.origins.values())], ['default']);
});

test('every key stands there with its default: all of them uncommented change nothing', async (t) => {
  const { load, write } = await configUser(t);
  const content = renderInitFile({ proxy: PROXY, mirrors: MIRRORS });
  const plain = await load({ env: { GOPROXY: PROXY } });
  const all = uncomment(content, /^;[a-z0-9_]+ =(?! <)/);
  assert.match(content, /^; corp: reachable\uFFFD\[cache\]\uFFFDdir = \/evil$/m);
  const withDefault = [...KEYS.values()].filter((key) => key.default !== undefined).length;
  const ofMirror = Object.values(MIRROR).filter((key) => key.default !== undefined).length + 1;
  assert.equal(all.count, withDefault + MIRRORS.length * ofMirror);
  await write(USER, all.content);
  const loud = await load({ env: {} });
  assert.deepEqual(valuesOf(loud), valuesOf(plain));
  assert.doesNotMatch(content, /hunter2/, 'credentials of a mirror are not written down once more');
});

test('each key can be uncommented by itself, where it stands', async (t) => {
  const { load, write } = await configUser(t);
  const content = renderInitFile({ proxy: PROXY, mirrors: MIRRORS });
  const lines = content.split('\n');
  const keys = lines.flatMap((line, index) => (/^;[a-z0-9_]+ =(?! <)/.test(line) ? [index] : []));
  assert.ok(keys.length > 50);
  for (const index of keys) {
    await write(USER, lines.map((line, at) => (at === index ? line.slice(1) : line)).join('\n'));
    const { origins } = await load({ env: {} });
    const origin = [...origins.values()].filter((each) => each.endsWith(`.goproxy:${index + 1}`));
    assert.equal(origin.length, 1, lines[index] ?? '');
  }
});

test('texts that mean something to the file format come back as they were', () => {
  for (const text of [
    'https://a.example/;x#y',
    'https://a.example/a=b',
    '\\\\server\\share',
    'C:\\a;b',
    '"quoted"',
  ]) {
    const [entry] = parseIniFile(renderInitFile({ proxy: text, mirrors: [] }), 'f');
    assert.equal(entry?.text, text);
    const shown = renderInitFile({ proxy: 'off', mirrors: [], cacheDir: text });
    const dir = parseIniFile(uncomment(shown, /^;dir = /).content, 'f').find(({ key }) => key === 'dir');
    assert.equal(dir?.text, text);
  }
});

test('in Chinese every comment is Chinese, and the file sets the same', async () => {
  const mirrors = [{ name: 'a.example', url: 'https://a.example', note: '可用' }];
  const content = renderInitFile({ proxy: PROXY, mirrors, table: await tableOf('zh') });
  for (const line of content.split('\n')) {
    const [, comment] = /^; (.*)$/.exec(line) ?? / ; (.*)$/.exec(line) ?? [];
    if (comment !== undefined) assert.match(comment, /\p{Script=Han}/u, line);
    const [, form] = / = <(.*)>/.exec(line) ?? [];
    if (form !== undefined) assert.match(form, /\p{Script=Han}/u, line);
  }
  assert.deepEqual(
    parseIniFile(content, 'f').map(({ key, text }) => [key, text]),
    [['proxy', PROXY]],
  );
});
