import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BALANCE_DEFAULTS, OUTCOMES } from './support/balance-defaults.ts';
import { newMirrorState } from '../src/balance/mirror-state.ts';
import { observe } from '../src/balance/observe.ts';
import { standingWords } from '../src/balance/standing-words.ts';
import { tableOf } from '../src/words/language.ts';
import { render } from '../src/words/render.ts';
import { standingText } from '../src/words/standing-text.ts';

const ZH = await tableOf('zh');
/** What stays: our name, and evidence in the mirror's own words or the system's. The longest first: some begin like others. */
const STAYS = [...Object.values(OUTCOMES).map(({ detail }) => detail), 'Rondo'].toSorted(
  (a, b) => b.length - a.length,
);

const VISIT = fc.record({
  outcome: fc.constantFrom(...Object.values(OUTCOMES)),
  probe: fc.boolean(),
  trial: fc.boolean(),
  alone: fc.boolean(),
  afterMs: fc.integer({ min: 0, max: 40_000 }),
});

test('whatever becomes of a mirror, all that is said of it is known, and English stays as it is', () => {
  const visits = fc.array(VISIT, { maxLength: 12 });
  const patience = fc.constantFrom(BALANCE_DEFAULTS, { ...BALANCE_DEFAULTS, failuresToOpen: 9 });
  fc.assert(
    fc.property(visits, patience, (seen, settings) => {
      let nowMs = 0;
      let state = newMirrorState(nowMs);
      for (const { afterMs, ...visit } of seen) {
        nowMs += afterMs;
        state = observe(state, { ...visit, begunMs: nowMs, nowMs }, () => 1, settings);
        const { why, next } = standingWords(state, nowMs, settings);
        for (const words of [why, next.words]) {
          const text = standingText(words);
          assert.equal(render(text), words);
          const left = STAYS.reduce((rest, detail) => rest.replaceAll(detail, ''), render(text, ZH));
          assert.doesNotMatch(left, /[a-z]{3}/, `${words} in Chinese: ${left}`);
        }
      }
    }),
  );
});

test('the reason of a gate whose time is over is said in Chinese too', () => {
  const words = 'open time over; 3 failures in a row: connection refused (ECONNREFUSED 10.0.4.7:8081)';
  assert.equal(render(standingText(words)), words);
  assert.equal(
    render(standingText(words), ZH),
    '熔断时间已过；连续失败 3 次：连接被拒绝（ECONNREFUSED 10.0.4.7:8081）',
  );
});

test('what a newer server says stays as it is', () => {
  const words = 'the moon is right; and so on, and so would a comet';
  assert.equal(render(standingText(words)), words);
});

test('a sentence of several parts in Chinese', () => {
  const words =
    'a request that succeeds brings its score back; 1 failed request in a row or 3 failed probes would open its gate, and so would under 80% of 5 requests in 30 s (now 0% of 2)';
  assert.equal(
    render(standingText(words), ZH),
    '一个请求成功即可恢复得分；连续 1 个失败的请求或 3 次失败的探测，闸门会断开，30 秒内 5 个请求的成功率低于 80%（目前 2 个，成功率 0%）也会',
  );
});
