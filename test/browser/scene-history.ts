import type * as answers from '../../src/api/answers.ts';
import type { Incident } from '../../src/history/incidents.ts';
import type { SeriesPoint } from '../../src/history/series.ts';
import type { ServiceLevel } from '../../src/history/service-levels.ts';
import { DOWN } from './scene-mirrors.ts';
import { HOUR_MS, MIB, NOW_MS } from './scene.ts';

/** A quiet curve that is the same in every run. */
export function curve(
  parts: number,
  baseMs: number,
  seed: number,
  gap?: (index: number) => boolean,
): SeriesPoint[] {
  return Array.from({ length: parts }, (_, index) => {
    const wave = Math.sin(index / 5 + seed) * 0.22 + Math.sin(index / 1.7 + seed * 3) * 0.1;
    const isOut = gap?.(index) === true;
    return {
      startMs: NOW_MS - 24 * HOUR_MS + (index * 24 * HOUR_MS) / parts,
      watchedMs: (24 * HOUR_MS) / parts,
      answered: isOut ? 0 : 120,
      failed: isOut ? 12 : 0,
      ...(isOut ? {} : { p95Ms: Math.round(baseMs * (1 + wave)) }),
    };
  });
}

/** The service level of a mirror without incidents, but for what is `given`. */
export function level(name: string, given: Partial<ServiceLevel> = {}): ServiceLevel {
  return {
    mirror: name,
    watchedMs: 24 * HOUR_MS,
    uptime: 1,
    downMs: 0,
    incidents: 0,
    longestIncidentMs: 0,
    answered: 11_482,
    failed: 0,
    probes: 2880,
    probesFailed: 0,
    p50Ms: 31,
    p95Ms: 84,
    bytes: 1800 * MIB,
    worstLagMs: 12_000,
    ...given,
  };
}

const INCIDENTS: readonly Incident[] = [
  {
    mirror: DOWN.name,
    startMs: NOW_MS - 19 * HOUR_MS,
    endMs: NOW_MS - 17.6 * HOUR_MS,
    cause: 'back-end-down',
    why: '3 failures in a row: no answer within 3 s',
  },
  {
    mirror: 'goproxy.io',
    startMs: NOW_MS - 9 * HOUR_MS,
    endMs: NOW_MS - 8.7 * HOUR_MS,
    cause: 'rate-limited',
    why: '1 failure: 429 Too Many Requests, retry after 900 s',
  },
  {
    mirror: DOWN.name,
    startMs: NOW_MS - 4 * 60_000,
    cause: 'connect-refused',
    why: '3 failures in a row: connection refused (ECONNREFUSED 10.0.4.7:8081)',
  },
];

/** A day with three incidents. */
export const HISTORY: answers.HistoryAnswer = {
  version: 1,
  period: { sinceMs: NOW_MS - 24 * HOUR_MS, untilMs: NOW_MS },
  mirrors: [
    level('proxy.example.com'),
    level('goproxy.cn', { p50Ms: 48, p95Ms: 131, answered: 9210 }),
    level('goproxy.io', {
      uptime: 0.9875,
      downMs: 0.3 * HOUR_MS,
      incidents: 1,
      longestIncidentMs: 0.3 * HOUR_MS,
      failed: 14,
      p50Ms: 77,
      p95Ms: 240,
      answered: 4006,
      worstLagMs: 95_000,
    }),
    level(DOWN.name, {
      uptime: 0.9389,
      downMs: 1.47 * HOUR_MS,
      incidents: 2,
      longestIncidentMs: 1.4 * HOUR_MS,
      failed: 61,
      p50Ms: 12,
      p95Ms: 38,
      answered: 2120,
      worstLagMs: 410_000,
    }),
  ],
  incidents: INCIDENTS,
  incidentsLeftOut: 0,
  series: [
    { mirror: 'proxy.example.com', points: curve(96, 84, 1) },
    { mirror: 'goproxy.cn', points: curve(96, 131, 2) },
    { mirror: 'goproxy.io', points: curve(96, 240, 4, (index) => index > 58 && index < 62) },
    { mirror: DOWN.name, points: curve(96, 38, 6, (index) => (index > 18 && index < 26) || index === 95) },
  ],
};
