import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject, SubjectStart } from '../frame/types.ts';
import { findProgram, outputOf } from './find-program.ts';
import type { Finder } from './finder.ts';
import { freePort, startServer } from './start-process.ts';

/** nginx with two workers, serving files from disk: the limit of what can be reached. */
export const NGINX: Finder = finderOf(({ address, folder, served }) =>
  nginxConfig(address, folder, served ?? folder),
);

/** nginx with two workers in front of the mirrors. */
export const NGINX_BALANCER: Finder = finderOf(({ address, folder, upstreams }) =>
  nginxBalancerConfig(address, folder, upstreams),
);

/** Writes the configuration of a start. */
type Configure = (
  start: Pick<SubjectStart, 'folder' | 'served' | 'upstreams'> & { readonly address: string },
) => string;

function finderOf(configure: Configure): Finder {
  return {
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
      return { subject: subjectOf(found.path, version, configure) };
    },
  };
}

function subjectOf(program: string, version: string, configure: Configure): Subject {
  return {
    name: 'nginx',
    label: 'nginx',
    version,
    start: async (options, cleanup) => {
      const { folder, firstPath } = options;
      mkdirSync(folder, { recursive: true });
      const address = `127.0.0.1:${await freePort()}`;
      const config = join(folder, 'nginx.conf');
      writeFileSync(config, configure({ ...options, address }));
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
  return wholeConfig(
    folder,
    `  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  default_type application/octet-stream;
  types { application/json info; application/zip zip; text/plain mod; }
  server {
    listen ${address};
    root "${served}";
  }
`,
  );
}

/**
 * In front of mirrors, as good as nginx without its paid part can be (ngx_http_upstream_module, ngx_http_proxy_module):
 * the next mirror after everything that `proxy_next_upstream` knows, three tries in 10 s, one failure in 10 s takes a
 * mirror out (both its defaults), least connections, connections kept, all workers of one mind. It has no active
 * health checks. 3 s without a byte are too long, as they are for Rondo.
 */
export function nginxBalancerConfig(address: string, folder: string, upstreams: readonly string[]): string {
  const servers = upstreams.map((url) => `    server ${new URL(url).host} max_fails=1 fail_timeout=10s;`);
  return wholeConfig(
    folder,
    `  upstream mirrors {
    zone mirrors 256k;
    least_conn;
${servers.join('\n')}
    keepalive 64;
  }
  server {
    listen ${address};
    location / {
      proxy_pass http://mirrors;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_connect_timeout 1s;
      proxy_send_timeout 3s;
      proxy_read_timeout 3s;
      proxy_next_upstream error timeout invalid_header http_500 http_502 http_503 http_504 http_429 http_403 http_404;
      proxy_next_upstream_tries 3;
      proxy_next_upstream_timeout 10s;
    }
  }
`,
  );
}

/** Two workers, which keep to `folder`. */
function wholeConfig(folder: string, http: string): string {
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
${http}}
`;
}
