import type * as answers from '../../src/api/answers.ts';
import { HOUR_MS, MIB } from './scene.ts';

/** A mirror that is well, but for what is `given`. */
export function mirror(name: string, given: Partial<answers.MirrorShown> = {}): answers.MirrorShown {
  return {
    name,
    url: `https://${name}/`,
    tier: 0,
    match: '*',
    status: 'HEALTHY',
    why: 'answers well',
    eligible: true,
    up: (given.status ?? 'HEALTHY') === 'HEALTHY',
    forMs: 52 * HOUR_MS,
    gate: 'closed',
    next: { words: '3 failed requests in a row or 3 failed probes would open its gate' },
    baseWeight: 100,
    configuredWeight: 100,
    score: 1,
    speed: { small: 1, zip: 1 },
    weight: 100,
    firstByte: { p50Ms: 31, p95Ms: 84, samples: 400 },
    bytesPerS: 22 * MIB,
    syncLagMs: 0,
    inFlight: 2,
    waiting: 1,
    slots: 32,
    connectionsOpen: 4,
    connectionsOpened: 19,
    ...given,
  };
}

/** One that is out. */
export const DOWN: answers.MirrorShown = mirror('mirror.internal.example', {
  status: 'UNHEALTHY',
  why: '3 failures in a row: connection refused (ECONNREFUSED 10.0.4.7:8081)',
  eligible: false,
  forMs: 4 * 60_000,
  gate: 'open',
  next: {
    words: 'one trial request when its time is over, or sooner if a probe succeeds',
    inMs: 26_000,
  },
  score: 0.1,
  weight: 0.42,
  firstByte: undefined,
  inFlight: 0,
  waiting: 0,
  connectionsOpen: 0,
  lastFailure: {
    agoMs: 9000,
    cause: 'connect-refused',
    detail: 'connection refused (ECONNREFUSED 10.0.4.7:8081)',
    explanation: {
      words: 'nothing listens there, or a firewall refuses',
      whoMends: 'whoever runs the mirror, or of the firewall',
    },
  },
});
