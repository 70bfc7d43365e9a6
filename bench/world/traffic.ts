import { fileKindOf } from '../../test/support/mirror-content.ts';
import type { MirrorFileKind } from '../../test/support/mirror-fault.ts';

/** The file with which Rondo probes a mirror by default. */
export const PROBE_PATH = '/golang.org/x/text/@v/v0.3.0.mod';

/** One request as a mirror of the bench saw it. */
export type SeenRequest = {
  /** Which of the mirrors, from 0. */
  readonly mirror: number;
  /** With `%21` read as `!`. */
  readonly path: string;
  /** When it arrived: milliseconds of the mirrors' own clock. */
  readonly atMs: number;
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

/** Everything but health checks: what clients' requests made of the mirrors. */
export function askedIn(traffic: Traffic): SeenRequest[] {
  return traffic.requests.filter(({ path }) => path !== PROBE_PATH);
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
