import type * as answers from '../../src/api/answers.ts';
import { HISTORY } from './scene-history.ts';
import { DOWN, mirror } from './scene-mirrors.ts';
import { HOUR_MS, MIB, NOW_MS, type Scene } from './scene.ts';

function file(kind: 'mod' | 'zip', bytes: number, hash: string, by: string): answers.FileShown {
  return {
    kind,
    bytes,
    hash: `h1:${hash.padEnd(43, 'x')}=`,
    mirror: by,
    keptAtMs: NOW_MS - 30 * HOUR_MS,
    verified: 'database',
  };
}

/** A module of the copy, each version with its three files. */
export function kept(
  module: string,
  versions: readonly string[],
  zipBytes: number,
): Scene['modules'][number] {
  const files = versions.map((version) => ({
    version,
    files: [
      { kind: 'info' as const, bytes: 84, mirror: 'goproxy.cn', keptAtMs: NOW_MS - 30 * HOUR_MS },
      file('mod', 412, 'q4Zu0bKk8sT1nVwWm', 'goproxy.cn'),
      file('zip', zipBytes, 'b7Xe5Yp2RrLd9cAfQ', 'proxy.example.com'),
    ],
  }));
  const bytes = versions.length * (zipBytes + 496);
  return { module, versions: versions.length, bytes, lastUsedMs: NOW_MS - 6 * 60_000, files };
}

/** A Rondo that has run for two days, with one mirror that is out. */
// tidy: long because it is data, and nothing else.
export function busyScene(): Scene {
  return {
    status: {
      version: 1,
      rondo: '0.1.0',
      startedAtMs: NOW_MS - 52 * HOUR_MS,
      nowMs: NOW_MS,
      offline: false,
      url: 'http://127.0.0.1:7070',
      chainEnd: ',direct',
      totals: {
        requests: 26_818,
        hits: 24_310,
        misses: 2401,
        stale: 19,
        failed: 3,
        bytesOut: 48_100 * MIB,
        bytesUpstream: 3210 * MIB,
      },
      copy: { files: 8120, bytes: 3180 * MIB, maxBytes: 20_480 * MIB, keeping: true },
      flights: 2,
      historyKept: true,
    },
    mirrors: {
      version: 1,
      offline: false,
      origin: 'environment GOPROXY',
      mirrors: [
        mirror('proxy.example.com', { certificateUntilMs: NOW_MS + 41 * 24 * HOUR_MS }),
        mirror('goproxy.cn', {
          firstByte: { p50Ms: 48, p95Ms: 131, samples: 400 },
          weight: 82,
          speed: { small: 0.82, zip: 1 },
          inFlight: 1,
        }),
        mirror('goproxy.io', {
          status: 'COOLING',
          why: '1 failure: 429 Too Many Requests, retry after 900 s',
          eligible: false,
          forMs: 180_000,
          gate: 'open',
          next: {
            words: 'one trial request when the time that it asked for is over',
            inMs: 720_000,
          },
          score: 0.6,
          weight: 0,
          firstByte: { p50Ms: 77, p95Ms: 240, samples: 400 },
          inFlight: 0,
          syncLagMs: 95_000,
        }),
        DOWN,
      ],
    },
    flights: {
      version: 1,
      flights: [
        {
          key: 'k8s.io/api/@v/v0.35.1.zip',
          module: 'k8s.io/api',
          fileVersion: 'v0.35.1',
          kind: 'zip',
          mirror: 'proxy.example.com',
          receivedBytes: 2.1 * MIB,
          totalBytes: 3.4 * MIB,
          startedAtMs: NOW_MS - 2000,
          waiting: 3,
        },
        {
          key: 'golang.org/x/net/@v/list',
          module: 'golang.org/x/net',
          kind: 'list',
          receivedBytes: 0,
          startedAtMs: NOW_MS - 1000,
          waiting: 1,
        },
      ],
    },
    history: HISTORY,
    modules: [
      kept('github.com/go-chi/chi/v5', ['v5.2.3', 'v5.2.2'], 96_000),
      kept('github.com/spf13/cobra', ['v1.10.1'], 214_000),
      kept('golang.org/x/net', ['v0.47.0', 'v0.46.0', 'v0.45.0'], 1_540_000),
      kept('golang.org/x/tools', ['v0.39.0'], 3_900_000),
      kept('google.golang.org/grpc', ['v1.77.0'], 1_990_000),
    ],
    config: {
      version: 1,
      files: ['/etc/rondo/goproxy.ini'],
      values: [
        {
          key: 'proxy',
          value:
            'https://proxy.example.com,https://goproxy.cn,https://goproxy.io,https://mirror.internal.example,direct',
          origin: 'environment GOPROXY',
          isDefault: false,
        },
        {
          key: 'server.listen',
          value: '127.0.0.1:7070',
          origin: 'file /etc/rondo/goproxy.ini:2',
          isDefault: false,
        },
        { key: 'server.tls', value: 'false', origin: 'default', isDefault: true },
        {
          key: 'server.admin_token',
          value: '(hidden)',
          origin: 'environment RONDO_SERVER_ADMIN_TOKEN',
          isDefault: false,
        },
        {
          key: 'cache.dir',
          value: '/var/cache/rondo',
          origin: 'file /etc/rondo/goproxy.ini:5',
          isDefault: false,
        },
        { key: 'cache.max_size', value: '20GiB', origin: 'file /etc/rondo/goproxy.ini:6', isDefault: false },
        { key: 'probe.interval', value: '5s', origin: 'default', isDefault: true },
        { key: 'telemetry.history', value: '90d', origin: 'default', isDefault: true },
      ],
    },
    findings: {
      version: 1,
      findings: [
        {
          id: 'mirror.refused',
          level: 'finding',
          what: 'nothing listens at mirror.internal.example',
          evidence: ['connect ECONNREFUSED 10.0.4.7:8081', 'its name has one address, 10.0.4.7'],
          fix: 'rondo mirrors drain mirror.internal.example',
          fixKind: 'command',
        },
        {
          id: 'go.gonosumdb',
          level: 'note',
          what: 'GONOSUMDB leaves out modules of example.com',
          evidence: ['go env GONOSUMDB: example.com/*'],
          fix: 'take it out, unless you mean it',
          fixKind: 'advice',
        },
      ],
    },
  };
}
