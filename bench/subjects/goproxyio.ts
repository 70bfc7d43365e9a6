import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from '../frame/types.ts';
import { findProgram, goVersionOf } from './find-program.ts';
import type { Finder } from './finder.ts';
import { freePort, startServer } from './start-process.ts';

/**
 * goproxyio/goproxy in its router mode (`-proxy`): one upstream, no checksum database whatever GOSUMDB says, one
 * line a request on stderr.
 */
export const GOPROXYIO: Finder = {
  name: 'goproxyio',
  label: 'goproxyio',
  find: async (env) => {
    const from = 'github.com/goproxyio/goproxy/v2';
    const found = findProgram({ variable: 'BENCH_GOPROXYIO', names: ['goproxyio'], from }, env);
    return 'missing' in found ? found : { subject: subjectOf(found.path, await goVersionOf(found.path)) };
  },
};

function subjectOf(program: string, version: string): Subject {
  return {
    name: 'goproxyio',
    label: GOPROXYIO.label,
    version,
    start: async (options, cleanup) => {
      const { folder, firstPath } = options;
      const copy = join(folder, 'copy');
      mkdirSync(copy, { recursive: true });
      const address = `127.0.0.1:${await freePort()}`;
      const args = ['-listen', address, '-cacheDir', copy, '-proxy', options.upstreams[0] ?? ''];
      const env = { GOENV: 'off', ...options.env };
      const url = `http://${address}`;
      const readyPath = '/metrics';
      return startServer(
        { name: 'goproxyio', program, args, env, folder, url, readyPath, firstPath },
        cleanup,
      );
    },
  };
}
