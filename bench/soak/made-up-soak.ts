import type { SoakResult } from './soak-result.ts';
import type { ProcessSample } from './watch-process.ts';

const MIB = 2 ** 20;

/** One sample for each second from the first to this one, for tests. */
export function madeUpSamples(
  seconds: number,
  residentBytes: (second: number) => number,
): readonly ProcessSample[] {
  return Array.from({ length: seconds }, (_, index) => ({
    atMs: (index + 1) * 1000,
    residentBytes: residentBytes(index + 1),
    files: 90,
    sockets: 60,
    toMirrors: 20,
    threads: 12,
  }));
}

/** A soak of ten minutes in which all held, for tests. */
export function madeUpSoak(): SoakResult {
  const idle = { residentBytes: 100 * MIB, files: 40, sockets: 10, toMirrors: 0, threads: 12 };
  return {
    minutes: 10,
    ratePerSecond: 300,
    seed: 7,
    spells: Array.from({ length: 59 }, (_, n) => ({
      words: `mirror 1 row ${n}`,
      requests: 2400,
      right: 2400,
      p99Ms: n,
    })),
    rows: 25,
    figures: {
      requests: 180_000,
      endings: { right: 180_000, wrong: 0, cut: 0, 'not-found': 0, failed: 0, unanswered: 0 },
      p50Ms: 3,
      p99Ms: 1100,
      maxMs: 4000,
      attemptsPerRequest: 0.5,
    },
    cold: 54_000,
    troubles: {},
    lagP99Ms: 4,
    loadAverage: 1.5,
    cpuSeconds: 200,
    builds: { count: 3, failures: [], tookMs: [900, 1000, 2000] },
    before: idle,
    samples: madeUpSamples(600, () => 160 * MIB),
    after: { ...idle, left: [], wrongFiles: [] },
    evictedFiles: 1000,
  };
}
