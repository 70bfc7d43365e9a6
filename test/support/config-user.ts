import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { loadConfig, type LoadOptions } from '../../src/config/load-config.ts';
import { removeTree, type Cleanup } from './temp-folder.ts';

/** A user whose configuration is loaded, with GOPROXY set to one mirror unless `load` is told otherwise. */
export type ConfigUser = {
  readonly home: string;
  /** `~/src/project`; the working folder is `sub` in it. */
  readonly project: string;
  /** Writes a file below the home; returns its path. */
  write(path: string, content: string): Promise<string>;
  load(changes?: Partial<LoadOptions>): Promise<Config>;
};

/** A user with a home and a project in it, `~/src/project/sub` being the working folder. */
export async function configUser(t: Cleanup): Promise<ConfigUser> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'rondo-config-')));
  t.after(() => removeTree(home));
  const project = join(home, 'src', 'project');
  await mkdir(join(project, 'sub'), { recursive: true });
  const write = async (path: string, content: string): Promise<string> => {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), content);
    return join(home, path);
  };
  const load = (changes: Partial<LoadOptions> = {}): Promise<Config> =>
    loadConfig({
      flags: {},
      env: { GOPROXY: 'https://a.example' },
      cwd: join(project, 'sub'),
      home,
      cacheDir: join(home, '.cache', 'rondo'),
      configDir: join(home, '.config', 'rondo'),
      stateDir: join(home, 'state'),
      uid: process.getuid?.(),
      go: { user: new Map(), goroot: new Map() },
      netrc: undefined,
      refuses: () => Promise.resolve(false),
      chainNeeded: true,
      ...changes,
    });
  return { home, project, write, load };
}
