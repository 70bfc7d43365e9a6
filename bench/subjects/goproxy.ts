import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from '../frame/types.ts';
import { findProgram, goVersionOf } from './find-program.ts';
import type { Finder } from './finder.ts';
import { freePort, startServer } from './start-process.ts';

/** goproxy/goproxy: its `server` command with the `dir` cacher, GOPROXY from the environment. It has no access log. */
export const GOPROXY: Finder = {
  name: 'goproxy',
  label: 'goproxy/goproxy',
  find: async (env) => {
    const from = 'github.com/goproxy/goproxy/cmd/goproxy';
    const found = findProgram({ variable: 'BENCH_GOPROXY', names: ['goproxy'], from }, env);
    return 'missing' in found ? found : { subject: subjectOf(found.path, await goVersionOf(found.path)) };
  },
};

function subjectOf(program: string, version: string): Subject {
  return {
    name: 'goproxy',
    label: GOPROXY.label,
    version,
    start: async (options, cleanup) => {
      const { folder, firstPath } = options;
      const copy = join(folder, 'copy');
      const temp = join(folder, 'tmp');
      for (const each of [copy, temp]) mkdirSync(each, { recursive: true });
      const address = `127.0.0.1:${await freePort()}`;
      // Its default for temporary files is /tmp, from which a cached file would be copied and not renamed.
      const args = ['server', '--address', address, '--cacher-dir', copy, '--temp-dir', temp];
      const env = {
        GOENV: 'off',
        GOPROXY: options.upstreams.join(options.separator ?? ','),
        GOSUMDB: options.gosumdb ?? 'off',
        ...options.env,
      };
      const url = `http://${address}`;
      return startServer(
        { name: 'goproxy', program, args, env, folder, url, readyPath: '/', firstPath },
        cleanup,
      );
    },
  };
}
