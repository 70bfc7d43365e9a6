import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../src/kit/clock.ts';
import { diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { escapeName, fixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goWorkspace } from '../support/go-command.ts';
import { testWith } from '../support/requirements.ts';
import { tempFolder, tempProject } from '../support/temp-folder.ts';

const PATH = 'example.com/Folder/mod';

await testWith(['go'], 'go reads the folder as GOPROXY=file://', async (t) => {
  const dir = await tempFolder(t, 'file-proxy');
  const store = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  for (const version of ['v1.9.0', 'v1.10.0', 'v1.11.0-RC1']) {
    const { info, mod, zip, zipH1 } = await fixtureModule({ path: PATH, version });
    const stem = `${escapeName(PATH)}/@v/${escapeName(version)}`;
    await store.put(`${stem}.info`, { bytes: info });
    await store.put(`${stem}.mod`, { bytes: mod });
    await store.put(`${stem}.zip`, { bytes: zip });
    await store.put(`${stem}.ziphash`, { bytes: Buffer.from(zipH1) });
  }
  // Held without its zip: no version that a client could use.
  await store.put(`${escapeName(PATH)}/@v/v1.12.0.mod`, { bytes: Buffer.from(`module ${PATH}\n`) });
  await store.close();

  const cwd = await tempProject(t, { 'go.mod': 'module example.com/user\n\ngo 1.21\n' });
  const goproxy = pathToFileURL(diskStoreFolders(dir).download).href;
  const workspace = await goWorkspace(t);
  const list = await goCommand(['list', '-m', '-versions', PATH], { cwd, goproxy, workspace });
  assert.equal(list.stdout.trim(), `${PATH} v1.9.0 v1.10.0 v1.11.0-RC1`, list.stderr);
  const get = await goCommand(['get', `${PATH}@latest`], { cwd, goproxy, workspace });
  assert.equal(get.code, 0, get.stderr);
  assert.match(await readFile(join(cwd, 'go.mod'), 'utf8'), /example\.com\/Folder\/mod v1\.10\.0/);

  // The same folder as the GOMODCACHE itself: go finds the files with their .ziphash and downloads nothing.
  const asCache = { ...workspace, modCache: dir };
  const download = await goCommand(['mod', 'download', '-x', PATH], {
    cwd,
    goproxy: 'off',
    workspace: asCache,
  });
  assert.equal(download.code, 0, download.stderr);
  const verify = await goCommand(['mod', 'verify'], { cwd, goproxy: 'off', workspace: asCache });
  assert.match(verify.stdout, /all modules verified/);
});
