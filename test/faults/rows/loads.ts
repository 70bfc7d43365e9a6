import type { Fault, FaultScope } from '../../support/mirror-fault.ts';
import type { Load, Row, Turn } from './row.ts';

/** Small files, 20 a second for 15 seconds. */
export const SMALL: Load = { rate: { kind: 'steady', perSecond: 20, forMs: 15_000 }, files: 'small' };

/** Small zips, 10 a second for 15 seconds. */
export const ZIPS: Load = { rate: { kind: 'steady', perSecond: 10, forMs: 15_000 }, files: 'zip' };

/** Zips of 1 MiB, two a second for 15 seconds. */
export const LARGE: Load = { rate: { kind: 'steady', perSecond: 2, forMs: 15_000 }, files: 'large-zip' };

/**
 * Configuration where time is not what a row is about: what is slow is then the machine, which no divisor makes faster, and
 * no mirror is to be charged for it.
 */
export const MACHINE_TIMES = {
  timeouts: { header_soft: '10s', header: '60s', body_idle: '10s', deadline: '90s' },
  // Rondo's default.
  probe: { timeout: '3s' },
} as const;

/** The bad mirror has `fault` from the beginning to the end. */
export function always(fault: Fault, scope?: FaultScope): readonly Turn[] {
  return [{ atMs: 0, mirrors: 'bad', change: { fault, ...(scope && { scope }) } }];
}

/** All three have `fault` until they are good. */
export function allUntil(fault: Fault, fromMs: number, goodAtMs: number): readonly Turn[] {
  return [
    { atMs: fromMs, mirrors: 'all', change: { fault } },
    { atMs: goodAtMs, mirrors: 'all', change: 'good' },
  ];
}

/** The same loads where nothing is wrong: what the others are compared with. */
export const HEALTHY_ROWS: readonly Row[] = [
  { name: 'healthy-small', what: 'nothing, small files', load: SMALL },
  { name: 'healthy-zips', what: 'nothing, zips of 64 KiB', load: ZIPS },
  { name: 'healthy-large', what: 'nothing, zips of 1 MiB', load: LARGE },
].map((row) => ({ ...row, turns: [], sees: 'right', rondo: { states: ['HEALTHY'], causes: [] } }));
