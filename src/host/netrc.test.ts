import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { netrcPaths, parseNetrc, readNetrc } from './netrc.ts';

/** Contents, and the logins that go takes from them, as `machine login password`. */
const FILES: [string, string[]][] = [
  ['', []],
  ['machine a.example login me password pw', ['a.example me pw']],
  ['machine a.example\n\tlogin me\n\tpassword pw\n', ['a.example me pw']],
  ['machine a.example\r\n  password pw\r\n  login me\r\n', ['a.example me pw']],
  ['machine a.example login me account x password pw', ['a.example me pw']],
  ['machine a.example:8443 login me password pw', ['a.example:8443 me pw']],
  // A machine without a password takes nothing from the one before, and gives nothing to the one behind.
  [
    'machine one login a\nmachine two login b password c\nmachine three password d\nmachine four login e password f',
    ['two b c', 'four e f'],
  ],
  ['machine one login a password b\nmachine one login c password d', ['one a b', 'one c d']],
  // Tokens come in pairs on one line: an odd one at the end is dropped.
  ['machine\none login a password b', []],
  ['machine one login a password\nb', []],
  // A comment is nothing special.
  ['# machine one login a password b', []],
  ['machine one # login login a password b', ['one a b']],
  ['macdef init\nmachine one login a password b\n\nmachine two login c password d', ['two c d']],
  ['macdef init\r\n\r\nmachine one login a password b\r\n', []],
  // `default` ends the file where it stands alone, and is no machine.
  ['machine one login a password b\ndefault\nmachine two login c password d', ['one a b']],
  ['default login anonymous password x\nmachine two login c password d', ['two c d']],
  ['machine one login a password "b"', ['one a "b"']],
  ['machine one\u{85}login\u{3000}a password b', ['one a b']],
  ['\u{FEFF}machine one login a password b', []],
];

test('a netrc file is read as go reads it', () => {
  for (const [content, expected] of FILES) {
    const logins = parseNetrc(content).map((each) => `${each.machine} ${each.login} ${each.password}`);
    assert.deepEqual(logins, expected, JSON.stringify(content));
  }
});

test('it is looked for where go looks', () => {
  assert.deepEqual(netrcPaths('linux', { HOME: '/home/me' }), [join('/home/me', '.netrc')]);
  assert.deepEqual(netrcPaths('linux', { HOME: '/home/me', NETRC: 'x' }), ['x']);
  assert.deepEqual(netrcPaths('linux', { NETRC: '', USERPROFILE: 'C:\\me' }), []);
  assert.deepEqual(netrcPaths('win32', { USERPROFILE: '/me', HOME: '/other' }), [
    join('/me', '_netrc'),
    join('/me', '.netrc'),
  ]);
});

test('one that is not there is none, one that cannot be read says why', async (t) => {
  const home = await tempFolder(t, 'netrc');
  const env = { HOME: home };
  assert.equal(await readNetrc('linux', env, home), undefined);
  await writeFile(join(home, '.netrc'), 'machine a login b password c');
  assert.deepEqual(await readNetrc('linux', env, home), {
    path: join(home, '.netrc'),
    logins: [{ machine: 'a', login: 'b', password: 'c' }],
  });
  await writeFile(join(home, 'named'), 'machine d login e password f');
  const named = await readNetrc('linux', { ...env, NETRC: 'named' }, home);
  assert.equal(named?.logins[0]?.machine, 'd');
  await mkdir(join(home, 'folder'));
  const folder = await readNetrc('linux', { ...env, NETRC: 'folder' }, home);
  assert.deepEqual(folder?.logins, []);
  assert.match(folder.problem ?? '', /EISDIR/);
});
