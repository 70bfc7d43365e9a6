import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextStep, type Runner, type Step } from './course.ts';

const STATES = [
  'waiting',
  'slow',
  'not-found',
  'refused',
  'declined',
  'unable',
  'failed',
  undefined,
] as const;
const RUNNERS = fc.array(
  fc.record({
    eligible: fc.boolean(),
    free: fc.boolean(),
    revived: fc.boolean(),
    awaited: fc.boolean(),
    servedLately: fc.boolean(),
    spent: fc.boolean(),
    tier: fc.nat(2),
    state: fc.constantFrom(...STATES),
  }),
  { minLength: 1, maxLength: 5 },
);
const COURSES = fc.record({
  list: RUNNERS,
  unanimous: fc.boolean(),
  madeFirst: fc.boolean(),
  hedgeDue: fc.boolean(),
  ms: fc.nat(20_000),
  sinceRefusedMs: fc.option(fc.nat(20_000), { nil: undefined }),
});

test('every course ends: no step waits for nothing, and none asks a mirror that may not be asked', () => {
  fc.assert(
    fc.property(COURSES, ({ list, ms, sinceRefusedMs, ...rules }) => {
      const made = list.map(({ eligible, awaited, state, ...rest }, index): Runner => ({
        ...rest,
        name: String(index),
        eligible,
        awaited: awaited && !eligible,
        ...(state === undefined ? {} : { visit: state }),
      }));
      const said = made.some(({ visit }) => visit === 'not-found');
      const step = nextStep({
        ...rules,
        runners: made,
        agreementMs: 10_000,
        overdue: false,
        ...(said ? { sinceNotFoundMs: ms } : {}),
        ...(sinceRefusedMs === undefined ? {} : { sinceRefusedMs }),
      });
      const running = made.some(({ visit }) => visit === 'waiting' || visit === 'slow');
      if (step.do === 'wait') assert.ok(running, 'waits for somebody');
      if (step.do === 'share') assertMayBeAwaited(made, step);
      if (step.do === 'visit' || step.do === 'revisit' || step.do === 'queue')
        assertMayBeAsked(made, step, said && ms >= 10_000);
      if (step.do === 'conclude' && step.verdict === 'not-found') assert.ok(said);
      const making = made.some(({ visit, eligible }) => visit === 'slow' && eligible);
      if (rules.madeFirst && making && made.filter(({ visit }) => visit === 'not-found').length < 2)
        assert.notEqual(step.do, 'conclude', 'somebody makes it');
    }),
  );
});

function assertMayBeAwaited(made: readonly Runner[], { among }: Extract<Step, { do: 'share' }>): void {
  const eligible = made.filter((runner) => runner.eligible);
  const final = ['not-found', 'refused', 'declined', 'unable'];
  assert.ok(
    eligible.every(({ visit }) => visit !== undefined && final.includes(visit)),
    'nobody is left to be asked',
  );
  assert.ok(made.filter(({ visit }) => visit === 'not-found').length < 2, 'two have not agreed');
  assert.ok(among.length > 0);
  for (const name of among) {
    const awaited = made[Number(name)];
    assert.ok(awaited?.awaited === true && awaited.visit === undefined);
    const isAnswered = eligible.length > 0 || made.some(({ visit }) => visit === 'not-found');
    assert.ok(awaited.servedLately || !isAnswered);
  }
}

function assertMayBeAsked(
  made: readonly Runner[],
  step: Extract<Step, { do: 'visit' | 'revisit' | 'queue' }>,
  isLate: boolean,
): void {
  assert.ok(step.among.length > 0);
  for (const name of step.among) {
    const asked = made[Number(name)];
    assert.ok(asked?.eligible === true);
    assert.equal(asked.visit === undefined, step.do !== 'revisit', 'one first visit a mirror');
    if (step.do === 'visit') assert.ok(asked.free, 'a slot is free');
  }
  const isHedge = step.do === 'visit' && step.how === 'hedge';
  if (step.do === 'revisit' || isHedge || isLate) return;
  const left = made.filter((runner) => runner.eligible && runner.visit === undefined);
  const first = Math.min(...left.map(({ tier }) => tier));
  for (const name of step.among) assert.equal(made[Number(name)]?.tier, first, 'one tier at a time');
}
