import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from '../frame/types.ts';
import { findProgram, outputOf } from './find-program.ts';
import type { Finder } from './finder.ts';
import { freePort, startServer } from './start-process.ts';

/** nginx with two workers, serving files from disk: the limit of what can be reached. */
export const NGINX: Finder = {
  name: 'nginx',
  label: 'nginx',
  find: async (env) => {
    const program = {
      variable: 'BENCH_NGINX',
      names: ['nginx'],
      folders: ['/usr/sbin', '/usr/local/sbin'],
      from: 'the Debian package nginx-light',
    };
    const found = findProgram(program, env);
    if ('missing' in found) return found;
    const version = /nginx\/(\S+)/.exec(await outputOf(found.path, ['-v']))?.[1] ?? 'unknown';
    return { subject: subjectOf(found.path, version) };
  },
};

function subjectOf(program: string, version: string): Subject {
  return {
    name: 'nginx',
    label: NGINX.label,
    version,
    start: async (options, cleanup) => {
      const { folder, firstPath } = options;
      mkdirSync(folder, { recursive: true });
      const address = `127.0.0.1:${await freePort()}`;
      const config = join(folder, 'nginx.conf');
      writeFileSync(config, nginxConfig(address, folder, options.served ?? folder));
      // It opens the log that it was compiled for before it has read its configuration.
      const args = ['-p', folder, '-c', config, '-e', join(folder, 'error.log')];
      const url = `http://${address}`;
      return startServer(
        { name: 'nginx', program, args, env: {}, folder, url, readyPath: '/', firstPath },
        cleanup,
      );
    },
  };
}

/**
 * Its access log is plain, `access_log FILE` in the format `combined`, one write a request, as a distribution's
 * own nginx.conf has it; `sendfile`, `tcp_nopush` and two workers too.
 */
export function nginxConfig(address: string, folder: string, served: string): string {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path "${join(folder, 'tmp', kind)}";`,
  );
  // As root its workers would become a user who may not read the bench's folder.
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  return `daemon off;
${user}worker_processes 2;
pid "${join(folder, 'nginx.pid')}";
error_log "${join(folder, 'error.log')}";
events { worker_connections 2048; }
http {
${temps.join('\n')}
  access_log "${join(folder, 'access.log')}";
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  default_type application/octet-stream;
  types { application/json info; application/zip zip; text/plain mod; }
  server {
    listen ${address};
    root "${served}";
  }
}
`;
}
