import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextStep, type CourseState, type Runner, type Step, type VisitState } from './course.ts';

/** `A` eligible and unasked, `A=failed` asked, `-A` not eligible, `~A` nor that, but on trial, `^A` like that and has served a short while ago, `+A` eligible but busy, `A/1` of tier 1, `A=slow!` revived, `A=failed?` spent. */
function runner(text: string): Runner {
  const [, shut, name, tier, visit, mark] =
    /^([-+~^]?)(\w)(?:\/(\d))?(?:=([\w-]+))?([!?]?)$/.exec(text) ?? [];
  if (name === undefined) throw new Error(text);
  const state = visit === undefined ? {} : { visit: visit as VisitState };
  return {
    name,
    tier: Number(tier ?? 0),
    eligible: shut === '' || shut === '+',
    free: shut === '',
    revived: mark === '!',
    awaited: shut === '~' || shut === '^',
    servedLately: shut === '^',
    spent: mark === '?',
    ...state,
  };
}

function course(text: string, more: Partial<CourseState> = {}): Step {
  const runners = text.split(' ').map(runner);
  const seen404 = runners.some(({ visit }) => visit === 'not-found') ? { sinceNotFoundMs: 0 } : {};
  return nextStep({
    runners,
    unanimous: false,
    agreementMs: 10_000,
    madeFirst: false,
    overdue: false,
    hedgeDue: false,
    ...seen404,
    ...more,
  });
}

function words(step: Step): string {
  switch (step.do) {
    case 'visit':
      return `${step.how} of ${step.among.join('')}`;
    case 'revisit':
      return `again ${step.among.join('')}`;
    case 'queue':
      return `queue for ${step.among.join('')}`;
    case 'share':
      return `share ${step.among.join('')}`;
    case 'wait':
      return 'wait';
    case 'conclude':
      return step.verdict;
  }
}

test('the course of a request, step by step', () => {
  const table: [string, string][] = [
    // Start and failover.
    ['A B C', 'one of ABC'],
    ['A=waiting B C', 'wait'],
    ['A=failed B C', 'one of BC'],
    ['A=failed -B C', 'one of C'],
    ['A=slow B C', 'one of BC'],
    ['A=slow B=waiting', 'wait'],
    // Tiers.
    ['A/1 B C/1', 'one of B'],
    ['A=failed B/1 C/1', 'one of BC'],
    // Revisits, when everybody has been asked.
    ['A=failed B=failed', 'again AB'],
    ['A=slow B=failed', 'again B'],
    ['-A=failed -B=failed', 'failed'],
    ['-A=slow -B=failed', 'wait'],
    // Slow for us alone.
    ['A=slow B=slow', 'wait'],
    ['A=slow! B=slow', 'again A'],
    ['-A=slow! B=slow', 'wait'],
    ['A=failed B=refused', 'again A'],
    // Nobody.
    ['-A -B', 'nobody'],
    ['-A=failed -B', 'failed'],
    // Agreement on 404.
    ['A=not-found B C', 'each of BC'],
    ['A=not-found B=waiting C=waiting', 'wait'],
    ['A=not-found B=not-found C=waiting', 'not-found'],
    ['A=not-found -B -C', 'not-found'],
    ['A=not-found B=refused', 'not-found'],
    ['A=not-found B=failed', 'again B'],
    ['A=not-found B=slow', 'wait'],
    ['A=not-found -B=failed', 'not-found'],
    ['A=not-found -B=waiting', 'wait'],
    ['A', 'one of A'],
    ['A=not-found', 'not-found'],
    // Refusals.
    ['A=refused B', 'one of B'],
    ['A=refused B=refused', 'refused'],
    ['A=refused -B=failed', 'failed'],
    ['A=refused -B', 'failed'],
    // Answers about the request alone.
    ['A=declined B', 'one of B'],
    ['A=declined', 'failed'],
    ['A=declined B=declined', 'failed'],
    ['A=declined B=refused', 'failed'],
    ['A=declined B=failed', 'again B'],
    ['A=declined B=not-found', 'not-found'],
    ['A=not-found B=declined -C', 'not-found'],
    ['A=not-found B=declined C=failed', 'again C'],
  ];
  for (const [state, expected] of table) assert.equal(words(course(state)), expected, state);
});

test('after a 404 one tier is asked after the other', () => {
  const table: [string, string][] = [
    ['A=not-found B C/1 D/2', 'each of B'],
    ['A=not-found B=waiting C/1 D/1', 'wait'],
    ['A=not-found B=waiting C D/1', 'each of C'],
    ['A=not-found B=not-found C/1', 'not-found'],
    ['A=not-found B=failed C/1 D/1', 'each of CD'],
    ['A=not-found B=slow C/1 D/2', 'each of C'],
    ['A=not-found -B C/1 D/2', 'each of C'],
    ['A=not-found B=refused C/1=waiting D/2', 'wait'],
    ['A=not-found C/1=not-found D/2', 'not-found'],
    ['A=not-found C/1=failed D/2', 'each of D'],
    ['A=not-found B=failed C/1=failed', 'again BC'],
    ['B C/1=not-found D/1=waiting', 'each of B'],
  ];
  for (const [state, step] of table) assert.equal(words(course(state)), step, state);
});

test('a Rondo that could not get it is not asked again, and its answer is owed', () => {
  const table: [string, string][] = [
    ['A=unable B', 'one of B'],
    ['A=unable', 'failed'],
    ['A=unable B=failed', 'again B'],
    ['A=unable B=not-found', 'failed'],
    ['A=unable B=not-found C', 'each of C'],
    ['A=unable B=not-found C=waiting', 'wait'],
    ['A=unable B=not-found C=not-found', 'not-found'],
    ['-A=unable B=not-found', 'not-found'],
  ];
  for (const [state, expected] of table) assert.equal(words(course(state)), expected, state);
});

test('who is at work has not agreed, and is not asked again for that; nor is anybody without end', () => {
  assert.equal(words(course('A=not-found B=slow!')), 'again B');
  assert.equal(words(course('A=not-found B=slow C=failed')), 'again C');
  assert.equal(words(course('A=not-found -B=slow -C=slow')), 'wait');
  assert.equal(words(course('A=failed? B=failed')), 'again B');
  assert.equal(words(course('A=failed? B=failed?')), 'failed');
  assert.equal(words(course('A=failed? B=slow')), 'wait');
  assert.equal(words(course('A=failed? B=not-found')), 'again A');
});

test('a busy mirror is not picked; who finds none free waits in line for those of its tier', () => {
  assert.equal(words(course('+A B')), 'one of B');
  assert.equal(words(course('+A +B C/1')), 'queue for AB');
  assert.equal(words(course('A=failed +B')), 'queue for B');
  assert.equal(words(course('A=not-found +B C')), 'each of C');
  assert.equal(words(course('A=not-found +B C=waiting')), 'queue for B');
  const late = { sinceNotFoundMs: 10_000 };
  assert.equal(words(course('A=not-found +B', late)), 'failed', 'it might have it');
  assert.equal(words(course('A=not-found +B C/1')), 'queue for B');
  assert.equal(words(course('A=not-found +B C/1', late)), 'each of C', 'B has had its time');
  assert.equal(words(course('A=not-found B=waiting C/1', late)), 'each of C');
  assert.equal(words(course('+A +B', { overdue: true })), 'busy');
  assert.equal(words(course('+A B=failed', { overdue: true })), 'failed');
});

test('nobody may be asked: who may wait shares the next trial, as long as there is one to hope for', () => {
  const table: [string, string][] = [
    ['~A ~B', 'share AB'],
    ['~A -B', 'share A'],
    ['~A ~B/1', 'share AB'],
    ['-A -B', 'nobody'],
    // It was a trial itself.
    ['-A=failed ~B', 'share B'],
    ['-A=failed -B', 'failed'],
    ['~A=failed -B', 'failed'],
    ['-A=refused ~B', 'share B'],
    // Somebody may be asked, has to say something yet, or has said enough.
    ['~A B', 'one of B'],
    ['~A +B', 'queue for B'],
    ['~A B=failed', 'again B'],
    ['~A -B=slow', 'wait'],
    ['~A -B=waiting', 'wait'],
    ['~A -B=not-found', 'not-found'],
  ];
  for (const [state, expected] of table) assert.equal(words(course(state)), expected, state);
  assert.equal(words(course('~A ~B', { overdue: true })), 'nobody');
  assert.equal(words(course('-A=failed ~B', { overdue: true })), 'failed');
});

test('what one mirror lacks, one that served a short while ago may have: its trial is waited for', () => {
  const table: [string, string][] = [
    ['A=not-found ^B', 'share B'],
    ['A=not-found ^B ^C/1 ~D', 'share BC'],
    ['A=not-found B=refused ^C', 'share C'],
    ['A=refused ^B', 'share B'],
    ['A=declined ^B', 'share B'],
    ['-A=not-found ^B', 'share B'],
    // It has been away for long, said so itself, or enough others have.
    ['A=not-found ~B', 'not-found'],
    ['A=refused ~B', 'failed'],
    ['A=not-found ^B=failed', 'not-found'],
    ['A=not-found B=not-found ^C', 'not-found'],
    // Somebody else is left to be asked.
    ['A=not-found B ^C', 'each of B'],
    ['A=not-found +B ^C', 'queue for B'],
    ['A=not-found B=failed ^C', 'again B'],
    ['A=not-found B=waiting ^C', 'wait'],
    ['A=not-found -B=slow ^C', 'wait'],
    ['A=failed ^B', 'again A'],
    // A Rondo that could not get it is not sought.
    ['A=not-found C=unable ^B', 'share B'],
    ['A=unable ^B', 'share B'],
    ['A=unable ~B', 'failed'],
  ];
  for (const [state, expected] of table) assert.equal(words(course(state)), expected, state);
  assert.equal(words(course('A=not-found ^B', { unanimous: true })), 'share B');
  assert.equal(words(course('A=not-found ^B', { overdue: true })), 'not-found');
  assert.equal(words(course('A=not-found ^B', { sinceNotFoundMs: 10_000 })), 'not-found');
});

test('a hedge: one mirror beside the only one that is waited for, free and of the same tier', () => {
  const due = { hedgeDue: true };
  assert.equal(words(course('A=waiting B C')), 'wait');
  assert.equal(words(course('A=waiting B C', due)), 'hedge of BC');
  assert.equal(words(course('A=waiting +B C', due)), 'hedge of C');
  assert.equal(words(course('A=waiting +B C/1', due)), 'wait');
  assert.equal(words(course('A=failed B=waiting C', due)), 'hedge of C');
  assert.equal(words(course('A=waiting B=waiting C', due)), 'wait');
  assert.equal(words(course('A B', due)), 'one of AB');
});

test('one 404 and a mirror that keeps failing: an outage after 10 s, unless its gate opened', () => {
  const late = { sinceNotFoundMs: 10_000 };
  assert.equal(words(course('A=not-found B=failed', late)), 'failed');
  assert.equal(words(course('A=not-found B=slow', late)), 'not-found', 'nobody works at a list for so long');
  assert.equal(words(course('A=not-found B=slow', { ...late, madeFirst: true })), 'wait');
  assert.equal(words(course('A=not-found -B=failed', late)), 'not-found');
  assert.equal(words(course('A=not-found -B=slow', late)), 'not-found');
});

test('a private route needs all its mirrors, open ones too, to say 404', () => {
  const route = { unanimous: true };
  assert.equal(words(course('A=not-found -B', route)), 'failed');
  assert.equal(words(course('A=not-found B=refused', route)), 'failed');
  assert.equal(words(course('A=not-found B=not-found', route)), 'not-found');
});

test('the checksum database: any 200 wins; a mirror that is down might have it', () => {
  const all = { unanimous: true };
  assert.equal(words(course('A=not-found B=not-found C', all)), 'each of C');
  assert.equal(words(course('A=not-found B=not-found C=not-found', all)), 'not-found');
  assert.equal(words(course('A=not-found -B', all)), 'failed');
});

test('after a refusal the others have 10 s for a better answer', () => {
  assert.equal(words(course('A=refused B=slow', { sinceRefusedMs: 9_000 })), 'wait');
  assert.equal(words(course('A=refused B=slow', { sinceRefusedMs: 10_000 })), 'failed');
  assert.equal(words(course('A=refused B=failed', { sinceRefusedMs: 10_000 })), 'failed');
});

test('what belongs to one version may have to be made: nobody else cuts that short', () => {
  const late = { madeFirst: true, sinceNotFoundMs: 10_000 };
  assert.equal(words(course('A=not-found B=slow', late)), 'wait');
  assert.equal(words(course('A=not-found B=slow C=failed', late)), 'again C');
  assert.equal(words(course('A=not-found B=slow +C', late)), 'queue for C');
  assert.equal(words(course('A=not-found B=waiting', late)), 'wait');
  assert.equal(words(course('A=not-found B=failed', late)), 'failed', 'nobody is at work any more');
  assert.equal(words(course('A=not-found -B=slow', late)), 'not-found', 'it has failed others, too');
  const refused = { madeFirst: true, sinceRefusedMs: 10_000 };
  assert.equal(words(course('A=refused B=slow', refused)), 'wait');
  assert.equal(words(course('A=declined B=slow', refused)), 'wait');
  assert.equal(words(course('A=declined B=failed', refused)), 'failed');
  assert.equal(words(course('A=declined -B=slow', refused)), 'failed');
});

test('overdue: agreement still counts, everything else has failed', () => {
  assert.equal(words(course('A=waiting B', { overdue: true })), 'failed');
  assert.equal(words(course('A=not-found B=not-found', { overdue: true })), 'not-found');
});
