import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { FILE, GOOD, HANG, runQuestion, UNAVAILABLE } from '../../test/support/scripted-question.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { describeTried } from './tried.ts';

test('what was found, and what was not, says who was asked and what each answered', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, {
    a: { script: { ...UNAVAILABLE, afterMs: 12 } as typeof UNAVAILABLE },
    b: { script: HANG },
    c: { script: GOOD },
  });
  const asked = mirrors.ask({ file: FILE, method: 'GET', maxBodyBytes: 100 }, new AbortController().signal);
  await clock.advance(4000);
  const found = await asked;
  assert.equal(describeTried(found.tried), 'a: 503 (12 ms); b: no answer yet (340 ms); c: 200 (40 ms)');
  found.settle({ kind: 'complete', bytes: 4 });
  const alone = scriptedMirrors(clock, { a: { script: UNAVAILABLE } });
  const { end } = await runQuestion(clock, alone.mirrors);
  assert.match(('error' in end && end.error.tried) || '', /^a: 503 \(0 ms\); a: 503 \(0 ms\)/);
  await mirrors.close();
});

test('a long story is cut to what a header holds, with the number of those left out', () => {
  assert.equal(describeTried([]), undefined);
  const report = { mirror: 'm'.repeat(60), outcome: OUTCOMES.unavailable, durationMs: 1.4 };
  const text = describeTried(Array.from({ length: 40 }, () => report)) ?? '';
  assert.ok(text.length <= 1000);
  assert.match(text, /; \d+ more$/);
  const shown = text.split('; ').length - 1;
  assert.ok(text.endsWith(`; ${40 - shown} more`));
});
