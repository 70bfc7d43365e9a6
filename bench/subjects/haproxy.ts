import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBE_FILE } from '../../src/gomod/health-files.ts';
import type { Subject } from '../frame/types.ts';
import { findProgram, outputOf } from './find-program.ts';
import type { Finder } from './finder.ts';
import { freePort, startServer } from './start-process.ts';

/** HAProxy in front of the mirrors. */
export const HAPROXY: Finder = {
  name: 'haproxy',
  label: 'HAProxy',
  find: async (env) => {
    const program = {
      variable: 'BENCH_HAPROXY',
      names: ['haproxy'],
      folders: ['/usr/sbin', '/usr/local/sbin'],
      from: 'the Debian package haproxy',
    };
    const found = findProgram(program, env);
    if ('missing' in found) return found;
    const version = /version (\d[^\s-]*)/.exec(await outputOf(found.path, ['-v']))?.[1] ?? 'unknown';
    return { subject: subjectOf(found.path, version) };
  },
};

function subjectOf(program: string, version: string): Subject {
  return {
    name: 'haproxy',
    label: HAPROXY.label,
    version,
    start: async ({ folder, firstPath, upstreams }, cleanup) => {
      mkdirSync(folder, { recursive: true });
      const address = `127.0.0.1:${await freePort()}`;
      const config = join(folder, 'haproxy.cfg');
      writeFileSync(config, haproxyConfig(address, upstreams, version));
      const url = `http://${address}`;
      const args = ['-db', '-f', config];
      return startServer(
        { name: 'haproxy', program, args, env: {}, folder, url, readyPath: PROBE_FILE.path, firstPath },
        cleanup,
      );
    },
  };
}

/** Statuses after which `retry-on` may ask again (its manual); 429 from 3.0 on. */
const RETRIED = ['401', '403', '404', '408', '425', '500', '501', '502', '503', '504'];

/**
 * In front of mirrors, as its manual has it for fail-over: health checks every 2 s (`httpchk`), quicker while a state
 * changes; traffic is watched too (`observe layer7`, to which every status below 500 is in order). One failure of either
 * kind takes a mirror out, two checks that pass bring it back. Three retries, each at another mirror (`redispatch 1`),
 * after everything that `retry-on` knows; least connections. 3 s without a byte are too long, as they are for Rondo.
 */
export function haproxyConfig(address: string, upstreams: readonly string[], version: string): string {
  const statuses = Number.parseInt(version, 10) >= 3 ? [...RETRIED, '429'] : RETRIED;
  const servers = upstreams.map((url, index) => `  server mirror${index} ${new URL(url).host}`);
  return `global
  maxconn 4000
defaults
  mode http
  timeout client 60s
  timeout http-request 10s
  timeout queue 10s
  timeout connect 1s
  timeout server 3s
  timeout check 3s
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response junk-response response-timeout ${statuses.join(' ')}
frontend clients
  bind ${address}
  default_backend mirrors
backend mirrors
  balance leastconn
  http-reuse safe
  option httpchk
  http-check send meth GET uri ${PROBE_FILE.path} ver HTTP/1.1 hdr Host mirrors
  http-check expect status 200
  default-server check inter 2s fastinter 500ms downinter 1s fall 1 rise 2 observe layer7 error-limit 1 on-error mark-down
${servers.join('\n')}
`;
}
