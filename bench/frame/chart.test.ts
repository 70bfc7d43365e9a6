import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultsChart } from './chart.ts';
import { madeUpResult } from './made-up-result.ts';
import type { Results } from './results.ts';

const RESULTS: Results = { schema: 1, date: '2026-01-02', cases: [madeUpResult()] };

/** The numbers of a bar: where it begins and ends. */
function barsOf(svg: string): { kind: string; from: number; to: number }[] {
  return [...svg.matchAll(/<rect class="(\w+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
    ([, kind = '', x, width]) => ({ kind, from: Number(x), to: Number(x) + Number(width) }),
  );
}

test('a bar for each goal that was measured: met ones right of the line, missed ones left of it', () => {
  const svg = resultsChart(RESULTS);
  const line = Number(/<line class="goal" x1="([\d.]+)"/.exec(svg)?.[1]);
  const [met, missed, ...more] = barsOf(svg);
  assert.equal(more.length, 0, 'none for the missing peer');
  assert.ok(met?.kind === 'met' && met.from === line && met.to > line);
  assert.ok(missed?.kind === 'missed' && Math.abs(missed.to - line) < 0.2 && missed.from < line - 1);
});

test('the scale is logarithmic: half the goal is as far from it as twice the goal', () => {
  const [goal] = madeUpResult().goals;
  assert.ok(goal);
  const at = (factor: number) => {
    const value = goal.value * factor;
    return { ...goal, outcome: { state: 'met', median: value, min: value, max: value, count: 1 } } as const;
  };
  const cases = [madeUpResult({ goals: [at(0.25), at(4), at(1000)] })];
  const [low, high] = barsOf(resultsChart({ ...RESULTS, cases }));
  assert.ok(low && high);
  assert.ok(Math.abs(low.to - low.from - (high.to - high.from)) < 0.3, JSON.stringify([low, high]));
});

test('it can be read aloud, in the dark, and by an XML parser', () => {
  const svg = resultsChart(RESULTS);
  assert.match(svg, /role="img" aria-labelledby="title desc"/);
  assert.match(svg, /<title id="title">Goals of the bench of 2026-01-02<\/title>/);
  assert.match(svg, /<desc id="desc">1: rate &gt;= 1\.3x goproxy\/goproxy: 1\.04x of the goal, met; /);
  assert.match(svg, /prefers-color-scheme: dark/);
  assert.ok(svg.includes('54 k/s &amp; more'));
  const texts = svg.replaceAll(/<style>[^<]*<\/style>/g, '').replaceAll(/<[^<>]*>/g, '');
  assert.doesNotMatch(texts, /[<>]|&(?!amp;|lt;|gt;|quot;)/);
});

test('without any measured goal it says so', () => {
  const svg = resultsChart({ ...RESULTS, cases: [] });
  assert.equal(barsOf(svg).length, 0);
  assert.match(svg, />No goal was measured\.<\/text>/);
});
