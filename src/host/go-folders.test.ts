import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goFolders } from './go-folders.ts';

test('GOPATH and GOMODCACHE: the environment, go env -w, the home', () => {
  type Case = [
    string,
    Record<string, string>,
    Record<string, string>,
    string | undefined,
    string | undefined,
  ];
  const table: Case[] = [
    ['nothing set', {}, {}, '/home/a/go', '/home/a/go/pkg/mod'],
    ['GOPATH', { GOPATH: '/gp' }, {}, '/gp', '/gp/pkg/mod'],
    ['several', { GOPATH: '/one:/two' }, {}, '/one', '/one/pkg/mod'],
    ['the first is empty', { GOPATH: ':/two' }, {}, undefined, undefined],
    ['go env -w', {}, { GOPATH: '/written', GOMODCACHE: '/cache' }, '/written', '/cache'],
    ['the environment before that', { GOMODCACHE: '/mine' }, { GOMODCACHE: '/cache' }, '/home/a/go', '/mine'],
    ['an empty variable is none', { GOPATH: '' }, { GOPATH: '/written' }, '/written', '/written/pkg/mod'],
  ];
  for (const [name, env, user, gopath, modCache] of table) {
    const files = { user: new Map(Object.entries(user)), goroot: new Map<string, string>() };
    const found = goFolders(
      'linux',
      { HOME: '/home/a', ...env },
      { goroot: '/usr/local/go', files },
      '/root',
    );
    assert.deepEqual(found, { gopath, modCache }, name);
  }
});

test('a home whose go folder is GOROOT gives no GOPATH', () => {
  const files = { user: new Map<string, string>(), goroot: new Map<string, string>() };
  assert.deepEqual(goFolders('linux', { HOME: '/home/a' }, { goroot: '/home/a/go/', files }, '/root'), {
    gopath: undefined,
    modCache: undefined,
  });
});

test('on Windows', () => {
  const files = { user: new Map<string, string>(), goroot: new Map<string, string>() };
  const env = { USERPROFILE: 'C:\\Users\\a', GOPATH: 'D:\\go;E:\\go' };
  assert.deepEqual(goFolders('win32', env, { goroot: undefined, files }, 'C:\\Users\\a'), {
    gopath: 'D:\\go',
    modCache: 'D:\\go\\pkg\\mod',
  });
});
