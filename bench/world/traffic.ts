import { CANARY_MODULE, PROBE_FILE } from '../../src/gomod/health-files.ts';
import { fileKindOf } from '../../test/support/mirror-content.ts';
import type { MirrorFileKind } from '../../test/support/mirror-fault.ts';

/** The list by which Rondo sees which mirrors lag, asked of each every few minutes. */
const CANARY_PATH = `/${CANARY_MODULE}/@v/list`;
/** What a mirror may say of its own synchronisation. */
const SYNC_PATH = '/.well-known/go-proxy-sync';

/** One request as a mirror of the bench saw it. */
export type SeenRequest = {
  /** Which of the mirrors, from 0. */
  readonly mirror: number;
  /** With `%21` read as `!`. */
  readonly path: string;
  /** When it arrived, as `epochMs` tells it. */
  readonly atMs: number;
  /** When its answer had left or its client was gone; not there while it is under way. */
  readonly endMs?: number;
  /** 0 where a fault keeps it back. */
  readonly status: number;
  /** Of the body, as many as were handed to the socket. */
  readonly bytes: number;
};

/** What mirrors were asked in some time. */
export type Traffic = {
  /** In the order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** How many connections were opened. */
  readonly connections: number;
};

/** Everything but what Rondo asks to know its mirrors: what clients' requests made of the mirrors. */
export function askedIn(traffic: Traffic): SeenRequest[] {
  const own: readonly string[] = [PROBE_FILE.path, CANARY_PATH, SYNC_PATH];
  return traffic.requests.filter(({ path }) => !own.includes(path));
}

/** Bytes of the bodies sent for `kinds`, or for all. */
export function bytesSent(traffic: Traffic, kinds?: readonly MirrorFileKind[]): number {
  return traffic.requests
    .filter(({ path }) => kinds === undefined || kinds.includes(fileKindOf(path)))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** How often `path` was asked, of all mirrors together. */
export function timesAsked(traffic: Traffic, path: string): number {
  return traffic.requests.filter((each) => each.path === path).length;
}

/** By how much the share of the mirror that is furthest from an equal share is off, in percent of all requests. */
export function shareOff(requests: readonly SeenRequest[], mirrors: number): number {
  const equal = 1 / mirrors;
  const off = Array.from({ length: mirrors }, (_, mirror) => {
    const share = requests.filter((each) => each.mirror === mirror).length / requests.length;
    return Math.abs(share - equal);
  });
  return Math.max(...off) * 100;
}

/**
 * Of the requests whose module was asked for less than `withinMs` before: the percentage that went to the same
 * mirror as the one before. NaN where there was no such request.
 */
export function pinnedRepeats(requests: readonly SeenRequest[], withinMs: number): number {
  const last = new Map<string, SeenRequest>();
  let repeats = 0;
  let pinned = 0;
  for (const request of requests) {
    const module = request.path.replace(/\/@v\/.*$|\/@latest$/, '');
    const before = last.get(module);
    last.set(module, request);
    if (before === undefined || request.atMs - before.atMs >= withinMs) continue;
    repeats += 1;
    if (before.mirror === request.mirror) pinned += 1;
  }
  return (pinned / repeats) * 100;
}

/**
 * The most requests that any one mirror had under way at the same time, of those that came from `fromMs` on; with
 * `untilEnded`, at each mirror until so many of these had ended.
 */
export function mostUnderWay(requests: readonly SeenRequest[], fromMs: number, untilEnded?: number): number {
  const after = requests.filter(({ atMs }) => atMs >= fromMs);
  const peaks = [...Map.groupBy(after, ({ mirror }) => mirror).values()].map((some) =>
    peakOf(some, untilEnded ?? Infinity),
  );
  return Math.max(0, ...peaks);
}

function peakOf(requests: readonly SeenRequest[], untilEnded: number): number {
  const changes = requests.flatMap(({ atMs, endMs }) => [
    { atMs, by: 1 },
    ...(endMs === undefined ? [] : [{ atMs: endMs, by: -1 }]),
  ]);
  // Of what happens in the same moment the end goes first: its slot is what the other takes.
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let [now, peak, ended] = [0, 0, 0];
  for (const { by } of changes) {
    if (by === -1) ended += 1;
    if (ended >= untilEnded) break;
    now += by;
    peak = Math.max(peak, now);
  }
  return peak;
}
