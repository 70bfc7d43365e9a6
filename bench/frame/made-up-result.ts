import type { JudgedGoal } from './goals.ts';
import type { CaseResult } from './results.ts';

const GOAL = { measure: 'rate', of: 'rondo', op: '>=' } as const;

const GOALS: readonly JudgedGoal[] = [
  {
    ...GOAL,
    reference: { kind: 'ratio', to: 'goproxy' },
    value: 1.3,
    words: 'rate >= 1.3x goproxy/goproxy',
    outcome: { state: 'met', median: 1.35, min: 1.2, max: 1.5, count: 2 },
  },
  {
    ...GOAL,
    reference: { kind: 'value' },
    value: 54_000,
    words: 'rate >= 54 k/s & more',
    outcome: { state: 'missed', median: 27_000, min: 24_000, max: 30_000, count: 2 },
  },
  {
    ...GOAL,
    reference: { kind: 'ratio', to: 'nginx' },
    value: 0.4,
    words: 'rate >= 0.4x nginx',
    outcome: { state: 'peer missing', peer: 'nginx' },
  },
];

/** A result for tests: Rondo at 30 k and 24 k, goproxy at 20 k in both runs, nginx not there. */
export function madeUpResult(more: Partial<CaseResult> = {}): CaseResult {
  return {
    number: 1,
    title: 'small files',
    end: { state: 'done' },
    startedAt: '2026-01-02T03:04:05.000Z',
    tookSeconds: 12.5,
    runs: 2,
    quick: false,
    machine: {
      cpu: 'A CPU',
      cores: 2,
      memoryBytes: 2 ** 33,
      system: 'linux x64, kernel 6.1',
      node: 'v26.0.0',
    },
    loadAverages: { before: [0.1, 0.2, 0.3], after: [1, 0.5, 0.4] },
    subjects: [
      { name: 'rondo', label: 'Rondo', version: '1.2.3' },
      { name: 'goproxy', label: 'goproxy/goproxy', version: 'v0.1.0' },
      { name: 'nginx', label: 'nginx', missing: 'not on PATH' },
    ],
    contestants: {},
    measures: [{ key: 'rate', words: 'requests a second', unit: 'requests/s' }],
    goals: GOALS,
    summaries: [
      { measure: 'rate', contestant: 'rondo', median: 27_000, min: 24_000, max: 30_000, count: 2 },
      { measure: 'rate', contestant: 'goproxy', median: 20_000, min: 20_000, max: 20_000, count: 2 },
    ],
    usage: [
      { contestant: 'rondo', phase: 'load', run: 0, cpuSeconds: 1.5, peakBytes: 2 ** 26 },
      { contestant: 'rondo', phase: 'load', run: 1, cpuSeconds: 2.5, peakBytes: 2 ** 27 },
    ],
    notes: ['Athens left out: 404 | <html>'],
    conditions: ['Everything is made up.'],
    samples: [],
    ...more,
  };
}
