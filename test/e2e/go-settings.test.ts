import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goValue, readGoSettings } from '../../src/config/go-settings.ts';
import { readGoEnvironment } from '../../src/host/go-env.ts';
import { userFolders } from '../../src/host/user-folders.ts';
import { testWith } from '../support/requirements.ts';
import { stranger } from './rondo-command.ts';

const run = promisify(execFile);

const NAMES = ['GOROOT', 'GOPROXY', 'GOSUMDB', 'GOPRIVATE', 'GONOPROXY', 'GONOSUMDB', 'GOINSECURE'] as const;

/** Contents of the file that `go env -w` writes, tidy and odd. */
const FILES = [
  '',
  'GOPROXY=https://a.example,direct\nGOPRIVATE=corp.example\n',
  'GOPROXY=\nGOSUMDB=off\n',
  '# GOPROXY=https://a.example\n GOPROXY=https://b.example\ngOPROXY=https://c.example\nGOPROXY\n=x\n',
  'GOPROXY=https://a.example\nGOPROXY= "https://b.example" \nGONOSUMDB=x.example',
  'GOPRIVATE=a.example\nGONOPROXY=\nGONOSUMDB=none\nGOINSECURE=*.example\n',
];

await testWith(['go'], 'go’s settings are read as go itself reads them', async (t) => {
  const { env, home } = await stranger(t);
  const { GOENV: _off, GOSUMDB: _sumdb, ...plain } = env;
  await mkdir(join(home, '.config', 'go'), { recursive: true });
  const named = join(home, 'named');
  const environments: Record<string, string>[] = [
    {},
    { GOENV: 'off' },
    { GOENV: '' },
    { GOENV: named },
    { GOPRIVATE: 'env.example', GOPROXY: '', GOSUMDB: 'sum.golang.google.cn' },
    { XDG_CONFIG_HOME: join(home, 'xdg') },
  ];
  for (const content of FILES) {
    await writeFile(join(home, '.config', 'go', 'env'), content);
    await writeFile(named, `${content}\nGOINSECURE=named.example\n`);
    for (const changes of environments) {
      const variables = { ...plain, ...changes };
      const { stdout } = await run('go', ['env', '-json', ...NAMES], { env: variables, cwd: home });
      const expected: unknown = JSON.parse(stdout);
      const folders = userFolders(process.platform, variables, home);
      const go = await readGoEnvironment(process.platform, variables, folders, home);
      const settings = readGoSettings(variables, go.files);
      const ours = {
        GOROOT: go.goroot,
        GOPROXY: goValue('GOPROXY', variables, go.files),
        GOSUMDB: settings.gosumdb,
        GOPRIVATE: settings.goprivate,
        GONOPROXY: settings.gonoproxy,
        GONOSUMDB: settings.gonosumdb,
        GOINSECURE: settings.goinsecure,
      };
      assert.deepEqual(ours, expected, JSON.stringify({ content, changes }));
    }
  }
});
