import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBE_FILE } from '../../src/gomod/health-files.ts';
import type { Subject } from '../frame/types.ts';
import { findProgram, outputOf } from './find-program.ts';
import type { Finder } from './finder.ts';
import { freePort, startServer } from './start-process.ts';

/** Caddy in front of the mirrors. */
export const CADDY: Finder = {
  name: 'caddy',
  label: 'Caddy',
  find: async (env) => {
    const program = { variable: 'BENCH_CADDY', names: ['caddy'], from: 'the Debian package caddy' };
    const found = findProgram(program, env);
    if ('missing' in found) return found;
    const version = /\d+\.\d+\.\d+\S*/.exec(await outputOf(found.path, ['version']))?.[0] ?? 'unknown';
    return { subject: subjectOf(found.path, version) };
  },
};

function subjectOf(program: string, version: string): Subject {
  return {
    name: 'caddy',
    label: CADDY.label,
    version,
    start: async ({ folder, firstPath, upstreams }, cleanup) => {
      mkdirSync(folder, { recursive: true });
      const address = `127.0.0.1:${await freePort()}`;
      const config = join(folder, 'Caddyfile');
      writeFileSync(config, caddyfile(address, upstreams));
      const url = `http://${address}`;
      const args = ['run', '--config', config, '--adapter', 'caddyfile'];
      return startServer(
        { name: 'caddy', program, args, env: {}, folder, url, readyPath: PROBE_FILE.path, firstPath },
        cleanup,
      );
    },
  };
}

/**
 * In front of mirrors, as the page of `reverse_proxy` has it for fail-over: active checks every 2 s; passive ones, in
 * which one failure in 10 s takes a mirror out and 5xx, 429 and more than a second are failures; up to 10 s of further
 * tries; least connections. 3 s without a byte are too long, as they are for Rondo. What a mirror answers is passed on,
 * whatever its status: tries are repeated where there was no answer.
 */
export function caddyfile(address: string, upstreams: readonly string[]): string {
  const hosts = upstreams.map((url) => new URL(url).host);
  return `{
	admin off
	auto_https off
}
http://${address} {
	bind 127.0.0.1
	reverse_proxy ${hosts.join(' ')} {
		lb_policy least_conn
		lb_try_duration 10s
		lb_try_interval 100ms
		health_uri ${PROBE_FILE.path}
		health_interval 2s
		health_timeout 3s
		health_status 200
		fail_duration 10s
		max_fails 1
		unhealthy_status 5xx 429
		unhealthy_latency 1s
		transport http {
			dial_timeout 1s
			response_header_timeout 3s
			read_timeout 3s
			keepalive 30s
			keepalive_idle_conns_per_host 64
		}
	}
}
`;
}
