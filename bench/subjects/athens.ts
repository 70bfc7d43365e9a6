import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from '../frame/types.ts';
import { findProgram, goVersionOf } from './find-program.ts';
import type { Finder } from './finder.ts';
import { freePort, startServer } from './start-process.ts';

/**
 * Athens with disk storage; its `go` command asks the mirrors. It runs with its defaults, but logs from `info` on
 * (one line a request) and not its development default `debug`.
 */
export const ATHENS: Finder = {
  name: 'athens',
  label: 'Athens',
  find: async (env) => {
    const from = 'github.com/gomods/athens/cmd/proxy';
    const names = ['athens', 'athens-proxy'];
    const found = findProgram({ variable: 'BENCH_ATHENS', names, from }, env);
    if ('missing' in found) return found;
    const go = findProgram({ variable: 'BENCH_GO', names: ['go'], from: 'Go' }, env);
    if ('missing' in go) return { missing: `it needs the go command: ${go.missing}` };
    return { subject: subjectOf(found.path, go.path, await goVersionOf(found.path)) };
  },
};

function subjectOf(program: string, go: string, version: string): Subject {
  return {
    name: 'athens',
    label: ATHENS.label,
    version,
    start: async (options, cleanup) => {
      const { folder, firstPath } = options;
      const copy = join(folder, 'copy');
      mkdirSync(copy, { recursive: true });
      const address = `127.0.0.1:${await freePort()}`;
      const goproxy = options.upstreams.join(options.separator ?? ',');
      const gosumdb = options.gosumdb ?? 'off';
      const env = {
        ATHENS_PORT: address,
        ATHENS_STORAGE_TYPE: 'disk',
        ATHENS_DISK_STORAGE_ROOT: copy,
        ATHENS_LOG_LEVEL: 'info',
        GO_BINARY_PATH: go,
        // Read-only module folders could not be removed afterwards.
        ATHENS_GO_BINARY_ENV_VARS: `GOENV=off;GOPROXY=${goproxy};GOSUMDB=${gosumdb};GOFLAGS=-modcacherw`,
        ...options.env,
      };
      const url = `http://${address}`;
      return startServer(
        { name: 'athens', program, args: [], env, folder, url, readyPath: '/healthz', firstPath },
        cleanup,
      );
    },
  };
}
