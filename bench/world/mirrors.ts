import type { Certificate } from '../../test/support/certificates.ts';
import type { Fault, FaultScope } from '../../test/support/mirror-fault.ts';
import type { Cleanup } from '../../test/support/temp-folder.ts';
import { startChild } from './child-program.ts';
import type { Distance } from './fast-mirror.ts';
import type { MirrorContent } from './mirror-files.ts';
import type { Traffic } from './traffic.ts';

/** Several mirrors of the bench with the same content. */
export type MirrorsSettings = {
  readonly count: number;
  readonly content: MirrorContent;
  readonly distance: Distance;
  /** Rate of one line between the subject and all the mirrors, as the line of a home or an office is one. */
  readonly linkBitsPerSecond?: number;
  /** Speaks TLS with it. */
  readonly certificate?: Certificate;
};

/** What the parent asks of the process of the mirrors. `mirror` counts from 0. */
export type MirrorsCall =
  | { readonly kind: 'start'; readonly settings: MirrorsSettings }
  | {
      readonly kind: 'set-fault';
      readonly mirror: number | 'all';
      readonly fault: Fault;
      readonly scope: FaultScope;
    }
  | { readonly kind: 'clear-faults'; readonly mirror: number | 'all' }
  | { readonly kind: 'take-traffic' };

/** What it answers. */
export type MirrorsResult = {
  readonly urls: readonly string[];
  /** When it had obeyed, as `epochMs` tells it. */
  readonly atMs: number;
  /** After `take-traffic`. */
  readonly traffic?: Traffic;
};

/** Mirrors that run. */
export type Mirrors = {
  /** Without trailing slashes. */
  readonly urls: readonly string[];
  /** What was asked since the start or the last call of this. */
  takeTraffic(): Promise<Traffic>;
  /** Adds a fault to a mirror (from 0) or to all; when it began to act, as `epochMs` tells it. */
  setFault(mirror: number | 'all', fault: Fault, scope?: FaultScope): Promise<number>;
  /** Ends all faults of a mirror or of all; when. */
  clearFaults(mirror: number | 'all'): Promise<number>;
  /** Idempotent. */
  stop(): Promise<void>;
};

/**
 * Starts mirrors for measuring, all in one process of their own: fast, at a set distance, with an exact log, and good
 * until told otherwise. They end with `cleanup`.
 */
export async function startMirrors(settings: MirrorsSettings, cleanup: Cleanup): Promise<Mirrors> {
  const program = new URL('./mirrors-child.ts', import.meta.url);
  const child = startChild<MirrorsCall, MirrorsResult>(program, cleanup);
  const { urls } = await child.call({ kind: 'start', settings });
  return {
    urls,
    takeTraffic: async () => {
      const { traffic } = await child.call({ kind: 'take-traffic' });
      return traffic ?? { requests: [], connections: 0 };
    },
    setFault: async (mirror, fault, scope = {}) =>
      (await child.call({ kind: 'set-fault', mirror, fault, scope })).atMs,
    clearFaults: async (mirror) => (await child.call({ kind: 'clear-faults', mirror })).atMs,
    stop: child.stop,
  };
}
