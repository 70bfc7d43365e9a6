import type { Config } from './config/config.ts';
import { chainEnd } from './config/effective-values.ts';
import type { Admin } from './http/port.ts';
import type { Mirrors } from './mirrors/mirrors.ts';
import type { DiskStore } from './store/disk-store.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { render } from './words/render.ts';

/** What Rondo's own pages show of the running parts. */
export type AdminParts = {
  readonly config: () => Config;
  readonly offline: boolean;
  readonly version: string;
  readonly mirrors: Mirrors;
  readonly store: DiskStore;
  readonly metrics: Metrics;
  readonly lastAnswerMs: () => number | undefined;
};

/** Rondo's own pages over the running parts. */
export function adminPort({ config, offline, version, ...parts }: AdminParts): Admin {
  const { mirrors, store, metrics, lastAnswerMs } = parts;
  return {
    ready: () => readiness(mirrors, store, offline),
    metrics: () => metrics.scrape(),
    lastAnswerMs,
    version,
    chainEnd: () => chainEnd(config().chain),
  };
}

async function readiness(
  mirrors: Mirrors,
  store: DiskStore,
  offline: boolean,
): Promise<{ ready: boolean; why: string }> {
  const says = await store.whyNotWritable();
  if (says !== undefined) return { ready: false, why: `the cache folder cannot be written: ${render(says)}` };
  // Whoever takes it out of use for that takes out its copy, and all replicas at once: they have the same mirrors.
  const isCut = !offline && !mirrors.views().some((view) => view.eligible);
  return { ready: true, why: isCut ? 'no mirror may be asked now: it answers from the copy alone' : '' };
}
