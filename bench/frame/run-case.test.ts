import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { runCase, type BenchSetup } from './run-case.ts';
import type { Case, CaseContext } from './types.ts';

const SETUP: BenchSetup = {
  runs: 2,
  quick: true,
  root: '/the/checkout',
  signal: new AbortController().signal,
  searches: [{ state: 'missing', name: 'nginx', label: 'nginx', reason: 'not on PATH' }],
  rondoCommand: () => ['node', 'rondo.mjs'],
  tool: (name) => (name === 'wrk' ? { missing: 'no wrk' } : { path: '/bin/go' }),
  progress: () => {},
};

function caseOf(run: Case['run'], more: Partial<Case> = {}): Case {
  return {
    number: 9,
    title: 'made up',
    needs: [],
    wants: ['nginx'],
    measures: [{ key: 'rate', words: 'rate', unit: '1' }],
    goals: [
      {
        measure: 'rate',
        of: 'rondo',
        reference: { kind: 'ratio', to: 'nginx' },
        op: '>=',
        value: 1,
        words: '>= nginx',
      },
    ],
    conditions: [],
    run,
    ...more,
  };
}

test('a case that fails keeps what it measured, runs its clean-up, and tells no paths', async () => {
  const order: string[] = [];
  let folder = '';
  const failing = async (context: CaseContext): Promise<void> => {
    ({ folder } = context);
    context.cleanup.after(async () => void order.push('first'));
    context.cleanup.after(async () => {
      order.push('second');
      throw new Error('cannot stop');
    });
    assert.ok(existsSync(folder));
    context.record({ measure: 'rate', contestant: 'rondo', run: 0, value: 7 });
    context.note(`${tmpdir()}/x is\nodd`);
    throw new Error(`cannot read /the/checkout/bench or ${folder}/log`);
  };
  const result = await runCase(caseOf(failing), SETUP);
  assert.deepEqual(result.end, { state: 'failed', reason: 'cannot read …/bench or …/log' });
  assert.deepEqual(result.notes, ['…/x is odd', 'clean-up: cannot stop']);
  assert.deepEqual(order, ['second', 'first']);
  assert.ok(!existsSync(folder));
  assert.deepEqual(result.summaries, [
    { measure: 'rate', contestant: 'rondo', median: 7, min: 7, max: 7, count: 1 },
  ]);
  assert.deepEqual(result.goals[0]?.outcome, { state: 'peer missing', peer: 'nginx' });
});

test('a case whose tool is missing is skipped and never begun', async () => {
  const result = await runCase(
    caseOf(() => assert.fail('begun'), { needs: ['go', 'wrk'] }),
    SETUP,
  );
  assert.deepEqual(result.end, { state: 'skipped', reason: 'no wrk' });
});

test('numbers that no measure declares, and what is no number, are mistakes of the case', async () => {
  for (const [measure, value] of [
    ['speed', 1],
    ['rate', Number.NaN],
  ] as const) {
    const result = await runCase(
      caseOf(async ({ record }) => record({ measure, contestant: 'rondo', run: 0, value })),
      SETUP,
    );
    assert.equal(result.end.state, 'failed');
    assert.equal(result.samples.length, 0);
  }
});

test('usage is the difference in CPU time and the later peak; without /proc there is none', async () => {
  const usage = (cpuSeconds: number, peakBytes: number) => ({ cpuSeconds, peakBytes, residentBytes: 1 });
  const result = await runCase(
    caseOf(async ({ recordUsage }) => {
      const phase = { contestant: 'rondo', phase: 'load', run: 0 };
      recordUsage(phase, usage(1, 500), usage(3.5, 200));
      recordUsage(phase, undefined, usage(3.5, 200));
    }),
    SETUP,
  );
  const expected = { contestant: 'rondo', phase: 'load', run: 0, cpuSeconds: 2.5, peakBytes: 200 };
  assert.deepEqual(result.usage, [expected]);
});
