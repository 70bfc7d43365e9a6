import { busyScene, kept } from './busy-scene.ts';
import { curve, HISTORY, level } from './scene-history.ts';
import { mirror } from './scene-mirrors.ts';
import { HOUR_MS, MIB, NOW_MS, type Scene } from './scene.ts';

/** A Rondo that was just started for the first time. */
export function emptyScene(): Scene {
  const busy = busyScene();
  const totals = { requests: 0, hits: 0, misses: 0, stale: 0, failed: 0, bytesOut: 0, bytesUpstream: 0 };
  return {
    ...busy,
    status: {
      ...busy.status,
      startedAtMs: NOW_MS - 8000,
      totals,
      flights: 0,
      copy: { files: 0, bytes: 0, maxBytes: 20_480 * MIB, keeping: true },
    },
    mirrors: {
      version: 1,
      offline: false,
      origin: 'environment GOPROXY',
      mirrors: [mirror('proxy.example.com', { forMs: 8000, firstByte: undefined, inFlight: 0 })],
    },
    flights: { version: 1, flights: [] },
    history: {
      version: 1,
      period: HISTORY.period,
      mirrors: [],
      incidents: [],
      incidentsLeftOut: 0,
      series: [],
    },
    modules: [],
    findings: { version: 1, findings: [] },
  };
}

/** As many mirrors as there may be. */
export function manyScene(count = 500): Scene {
  const mirrors = Array.from({ length: count }, (_, index) =>
    mirror(`mirror-${index}.example`, { tier: index % 3 }),
  );
  return { ...busyScene(), mirrors: { version: 1, offline: false, origin: 'environment GOPROXY', mirrors } };
}

/** What somebody would have a browser run, if it were taken for HTML. */
export const HOSTILE = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;

/** Every text of every answer is hostile. */
export function hostileScene(): Scene {
  const busy = busyScene();
  const evil = { name: HOSTILE, why: HOSTILE, next: { words: HOSTILE }, url: 'javascript:window.pwned=1' };
  return {
    ...busy,
    mirrors: {
      version: 1,
      offline: false,
      origin: 'environment GOPROXY',
      mirrors: [mirror(HOSTILE, { ...evil, status: HOSTILE }), mirror('b', { ...evil, name: 'b' })],
    },
    flights: {
      version: 1,
      flights: [
        {
          key: HOSTILE,
          module: HOSTILE,
          kind: HOSTILE,
          receivedBytes: 1,
          startedAtMs: NOW_MS,
          waiting: 1,
          mirror: HOSTILE,
        },
      ],
    },
    history: {
      ...HISTORY,
      mirrors: [level(HOSTILE, { incidents: 1 })],
      incidents: [{ mirror: HOSTILE, startMs: NOW_MS - HOUR_MS, cause: HOSTILE, why: HOSTILE }],
      series: [{ mirror: HOSTILE, points: curve(96, 50, 1) }],
    },
    modules: [{ ...kept(HOSTILE, [HOSTILE], 100) }],
    config: {
      version: 1,
      files: [HOSTILE],
      values: [{ key: HOSTILE, value: HOSTILE, origin: HOSTILE, isDefault: false }],
    },
    findings: {
      version: 1,
      findings: [{ id: HOSTILE, level: 'finding', what: HOSTILE, evidence: [HOSTILE], fix: HOSTILE }],
    },
  };
}
