import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userFolders, type UserFolders } from './user-folders.ts';

const TABLE: [NodeJS.Platform, Record<string, string>, UserFolders][] = [
  [
    'linux',
    { HOME: '/home/ann' },
    {
      home: '/home/ann',
      cacheDir: '/home/ann/.cache/rondo',
      configDir: '/home/ann/.config/rondo',
      stateDir: '/home/ann/.local/state/rondo',
      dataDir: '/home/ann/.local/share/rondo',
      goConfigDir: '/home/ann/.config/go',
    },
  ],
  [
    'linux',
    {
      HOME: '/home/ann',
      XDG_CACHE_HOME: '/c',
      XDG_CONFIG_HOME: '/k',
      XDG_DATA_HOME: '/d',
      XDG_STATE_HOME: '/s',
    },
    {
      home: '/home/ann',
      cacheDir: '/c/rondo',
      configDir: '/k/rondo',
      stateDir: '/s/rondo',
      dataDir: '/d/rondo',
      goConfigDir: '/k/go',
    },
  ],
  [
    'linux',
    { HOME: '', XDG_CACHE_HOME: 'relative', XDG_CONFIG_HOME: 'relative' },
    {
      home: '/h',
      cacheDir: '/h/.cache/rondo',
      configDir: '/h/.config/rondo',
      stateDir: '/h/.local/state/rondo',
      dataDir: '/h/.local/share/rondo',
      goConfigDir: undefined,
    },
  ],
  [
    'darwin',
    { HOME: '/Users/ann', XDG_CACHE_HOME: '/c', XDG_CONFIG_HOME: '/k' },
    {
      home: '/Users/ann',
      cacheDir: '/c/rondo',
      configDir: '/k/rondo',
      stateDir: '/Users/ann/Library/Application Support/rondo/state',
      dataDir: '/Users/ann/Library/Application Support/rondo',
      goConfigDir: '/Users/ann/Library/Application Support/go',
    },
  ],
  [
    'win32',
    { UserProfile: 'C:\\Users\\ann', LocalAppData: 'D:\\Local', AppData: 'D:\\Roaming' },
    {
      home: 'C:\\Users\\ann',
      cacheDir: 'D:\\Local\\rondo\\cache',
      configDir: 'D:\\Roaming\\rondo',
      stateDir: 'D:\\Local\\rondo\\state',
      dataDir: 'D:\\Local\\rondo',
      goConfigDir: 'D:\\Roaming\\go',
    },
  ],
  [
    'win32',
    {},
    {
      home: '/h',
      cacheDir: '\\h\\AppData\\Local\\rondo\\cache',
      configDir: '\\h\\AppData\\Roaming\\rondo',
      stateDir: '\\h\\AppData\\Local\\rondo\\state',
      dataDir: '\\h\\AppData\\Local\\rondo',
      goConfigDir: undefined,
    },
  ],
];

test('folders follow the platform', () => {
  for (const [platform, env, expected] of TABLE) assert.deepEqual(userFolders(platform, env, '/h'), expected);
});
