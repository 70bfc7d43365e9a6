import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePipe } from '../../test/support/named-pipe.ts';
import { tempFolder, tempProject } from '../../test/support/temp-folder.ts';
import { vendorFacts } from './doctor-facts.ts';
import { workSetting } from './go-work.ts';
import { readProjects } from './project-files.ts';

/** A go.mod that requires so many versions. */
function goMod(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => `\texample.com/d${index} v1.0.0`);
  return `module example.com/m\n\nrequire (\n${lines.join('\n')}\n)\n`;
}

test('a folder that a workspace names often is read once', async (t) => {
  const uses = Array.from({ length: 3000 }, (_, index) => `use ./${'./'.repeat(index % 9)}m`).join('\n');
  const cwd = await tempProject(t, { 'go.work': `go 1.26\n${uses}\n`, 'm/go.mod': goMod(15_000) });
  const [project] = await readProjects([], cwd);
  assert.equal(project?.requires.length, 15_000);
  assert.deepEqual(project.withoutGoSum, [join(cwd, 'm', 'go.mod')]);
});

test('a workspace of folders that are all the same has an end', async (t) => {
  const uses = (count: number): string =>
    Array.from({ length: count }, (_, index) => `use ./m${index}`).join('\n');
  const cwd = await tempProject(t, { 'go.work': uses(2001), 'm0/go.mod': goMod(15_000) });
  await assert.rejects(readProjects([], cwd), {
    code: 'E_USAGE',
    message: /it names more than 2000 folders/,
  });
  for (let index = 1; index < 100; index += 1) await symlink('m0', join(cwd, `m${index}`));
  await writeFile(join(cwd, 'go.work'), uses(100));
  await assert.rejects(readProjects([], cwd), {
    code: 'E_USAGE',
    message: /go\.work: its modules require more than 500000 versions/,
  });
});

test('a replacement of the workspace comes before that of a module, and both hold', async (t) => {
  const cwd = await tempProject(t, {
    'go.work': 'use ./m\nreplace example.com/a => example.com/work v1.0.0\n',
    'm/go.mod':
      'module example.com/m\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0\n)\nreplace (\n\texample.com/a => ./a\n\texample.com/b => example.com/own v1.0.0\n)\n',
  });
  const [project] = await readProjects([], cwd);
  assert.deepEqual(
    project?.requires.map(({ module }) => module),
    ['example.com/work', 'example.com/own'],
  );
});

test('pipes and devices in a checkout are no files, and nobody waits for them', async (t) => {
  const cwd = await tempFolder(t);
  for (const name of ['go.mod', 'go.sum', 'go.work']) {
    const folder = join(cwd, name.replace('.', '-'));
    await mkdir(join(folder, 'vendor'), { recursive: true });
    makePipe(join(folder, name));
    await assert.rejects(readProjects([join(folder, name)], cwd), { code: 'E_USAGE' }, name);
  }
  const project = join(cwd, 'vendored');
  await mkdir(join(project, 'vendor'), { recursive: true });
  await writeFile(join(project, 'go.mod'), goMod(1));
  makePipe(join(project, 'vendor', 'modules.txt'));
  const [read] = await readProjects([project], cwd);
  assert.equal((await vendorFacts(read))?.modulesTxt, undefined);
  await symlink('/dev/zero', join(cwd, 'go.sum'));
  await assert.rejects(readProjects([join(cwd, 'go.sum')], cwd), { message: /go\.sum: it is no file/ });
});

test('GOWORK counts as for go: off, another go.work of any name, and nothing but an absolute path', async (t) => {
  const cwd = await tempProject(t, {
    'go.work': 'go 1.26\nuse ./m\n',
    'go.mod': 'module example.com/root\n',
    'm/go.mod': goMod(1),
    'n/go.mod': goMod(2),
    'only/go.work': 'go 1.26\n',
    'other/all.work': 'go 1.26\nuse ../n\n',
    'other/all.work.sum': `example.com/d0 v1.0.0/go.mod h1:${'A'.repeat(43)}=\n`,
  });
  const [own, other, m] = [join(cwd, 'go.work'), join(cwd, 'other', 'all.work'), join(cwd, 'm')];
  const fileOf = async (names: string[], folder: string, gowork: string): Promise<string | undefined> =>
    (await readProjects(names, folder, workSetting(gowork)))[0]?.file;
  for (const nearest of ['', 'auto']) assert.equal(await fileOf([], m, nearest), own);
  assert.equal(await fileOf([], m, 'off'), join(m, 'go.mod'));
  assert.equal(await fileOf([], m, other), other);
  assert.equal(await fileOf(['.'], cwd, ''), own);
  assert.equal(await fileOf(['.'], cwd, 'off'), join(cwd, 'go.mod'));
  assert.equal(await fileOf(['.'], cwd, other), join(cwd, 'go.mod'));
  assert.equal(await fileOf(['other'], cwd, other), other);
  assert.equal(await fileOf(['go.work'], cwd, 'off'), own, 'it is named itself');
  const [project] = await readProjects([], cwd, workSetting(other));
  assert.deepEqual([project?.modules, project?.goSums.length], [[join(cwd, 'n')], 1]);
  await assert.rejects(readProjects(['only'], cwd, workSetting('off')), {
    message: /go\.work does not count: GOWORK names another one, or is off$/,
  });
  assert.throws(() => workSetting('other/all.work'), { code: 'E_USAGE', message: /^GOWORK is other/ });
});
