import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAuthority } from '../../test/support/certificates.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { readTrustRoots, rootPlaces } from './trust-roots.ts';

const [ONE, TWO, THREE, FOUR] = ['1', '2', '3', '4'].map((name) => createAuthority(name).certPem.trim()) as [
  string,
  string,
  string,
  string,
];

/** A system with a bundle as its second file, and a folder with one more certificate, and links as OpenSSL has them. */
async function system(t: Parameters<typeof tempFolder>[0]): Promise<{
  root: string;
  places: { files: string[]; folders: string[] };
}> {
  const root = await tempFolder(t, 'roots');
  const folders = [join(root, 'absent'), join(root, 'certs'), join(root, 'other')];
  for (const folder of folders.slice(1)) await mkdir(folder);
  await writeFile(join(root, 'bundle.pem'), `# one\n${ONE}\nmore words\r\n${TWO}\n`);
  await writeFile(join(root, 'later.pem'), FOUR);
  await writeFile(join(root, 'certs', 'a-two.pem'), TWO);
  await writeFile(join(root, 'three.pem'), THREE);
  await symlink('../three.pem', join(root, 'certs', 'three.crt'));
  await symlink('three.crt', join(root, 'certs', '0123abcd.0'));
  await symlink('nowhere/at.all', join(root, 'certs', 'broken.crt'));
  await writeFile(join(root, 'other', 'key.pem'), FOUR.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'));
  const files = ['absent.pem', 'bundle.pem', 'later.pem'].map((name) => join(root, name));
  return { root, places: { files, folders } };
}

test('the first file that is there and all folders count, each certificate once', async (t) => {
  const { places } = await system(t);
  assert.deepEqual(await readTrustRoots(places, {}), [ONE, TWO, THREE]);
});

test('SSL_CERT_FILE replaces the files and not the folders, SSL_CERT_DIR the folders and not the files', async (t) => {
  const { root, places } = await system(t);
  assert.deepEqual(await readTrustRoots(places, { certFile: join(root, 'later.pem') }), [FOUR, TWO, THREE]);
  assert.deepEqual(await readTrustRoots(places, { certFile: join(root, 'absent.pem') }), [TWO, THREE]);
  assert.deepEqual(await readTrustRoots(places, { certDirs: join(root, 'other') }), [ONE, TWO]);
  const certDirs = `${join(root, 'absent')}:${join(root, 'certs')}`;
  assert.deepEqual(await readTrustRoots(places, { certFile: join(root, 'later.pem'), certDirs }), [
    FOUR,
    TWO,
    THREE,
  ]);
});

test("a file without a certificate is the system's file all the same", async (t) => {
  const { root, places } = await system(t);
  await writeFile(join(root, 'absent.pem'), 'none yet');
  assert.deepEqual(await readTrustRoots(places, {}), [TWO, THREE]);
});

test('a folder in the place of a file is passed over', async (t) => {
  const { root, places } = await system(t);
  await mkdir(join(root, 'absent.pem'));
  assert.deepEqual(await readTrustRoots(places, {}), [ONE, TWO, THREE]);
});

test('variables that lead to nothing are an error, a machine with nothing is none', async (t) => {
  const { root, places } = await system(t);
  const nothing = { files: [], folders: [] };
  const certFile = join(root, 'absent.pem');
  assert.equal(await readTrustRoots(nothing, {}), undefined);
  await assert.rejects(readTrustRoots(nothing, { certFile }), {
    code: 'E_CONFIG',
    message: 'no certificate is where SSL_CERT_FILE leads',
  });
  await assert.rejects(readTrustRoots(nothing, { certDirs: join(root, 'other') }), {
    message: 'no certificate is where SSL_CERT_DIR leads',
  });
  await assert.rejects(readTrustRoots(places, { certFile, certDirs: join(root, 'other') }), {
    message: 'no certificate is where SSL_CERT_FILE and SSL_CERT_DIR lead',
  });
});

test('macOS and Windows are asked, all others have files', async () => {
  for (const platform of ['darwin', 'win32'] as const) assert.equal(rootPlaces(platform), undefined);
  assert.equal(await readTrustRoots(undefined, { certFile: '/absent' }), undefined);
  for (const platform of ['linux', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'android'] as const) {
    const { files = [], folders = [] } = rootPlaces(platform) ?? {};
    assert.ok(files.length > 0 && folders.length > 0, platform);
  }
});
