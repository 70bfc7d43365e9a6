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

/** One mirror, and two others after statuses that are errors. */
const TRIES = 3;

/**
 * What holds of every try. `read_timeout` runs while a connection is idle, too. Were what is left of it shorter than
 * `response_header_timeout`, a request that hangs on a kept connection would end by it, which Go's transport takes for a
 * connection that was closed meanwhile: it asks the same mirror again, as long as a health check has left another one.
 */
const EACH_TRY = [
  'lb_policy least_conn',
  'lb_try_duration 10s',
  'lb_try_interval 100ms',
  'fail_duration 10s',
  'max_fails 1',
  'unhealthy_status 5xx 429',
  'unhealthy_latency 1s',
  'transport http {',
  '\tdial_timeout 1s',
  '\tresponse_header_timeout 3s',
  '\tread_timeout 5s',
  '\tkeepalive 1s',
  '\tkeepalive_idle_conns_per_host 64',
  '}',
];

/** Active checks: once for each mirror is enough. */
const CHECKS = [
  `health_uri ${PROBE_FILE.path}`,
  'health_interval 2s',
  'health_timeout 3s',
  'health_status 200',
];

/**
 * In front of mirrors, as the page of `reverse_proxy` has it for fail-over: active checks every 2 s; passive ones, in
 * which one failure in 10 s takes a mirror out and 5xx, 429 and more than a second are failures; up to 10 s of further
 * tries where there was no answer; least connections. 3 s without a header are too long, as they are for Rondo.
 *
 * After a status that is an error the answer is intercepted and another `reverse_proxy` asks on, in all versions. From
 * 2.11.3 on `lb_retry_match` with `{rp.status_code}` is shorter, but its next try may choose the mirror that has just
 * said 404, and what no mirror has is asked for until `lb_try_duration` or `lb_retries` is used up, which then limits the
 * tries in an outage too. Nested, the mirror that said so still counts as busy, which `least_conn` avoids, and the third
 * answer is passed on.
 */
export function caddyfile(address: string, upstreams: readonly string[]): string {
  const hosts = upstreams.map((url) => new URL(url).host).join(' ');
  return `{
	admin off
	auto_https off
}
http://${address} {
	bind 127.0.0.1
${indented(proxyTo(hosts, CHECKS, TRIES)).join('\n')}
}
`;
}

function proxyTo(hosts: string, checks: readonly string[], tries: number): string[] {
  const others =
    tries === 1
      ? []
      : [
          '@error status 4xx 5xx',
          'handle_response @error {',
          ...indented(proxyTo(hosts, [], tries - 1)),
          '}',
        ];
  return [`reverse_proxy ${hosts} {`, ...indented([...EACH_TRY, ...checks, ...others]), '}'];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `\t${line}`);
}
