import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { MIRRORS_DEFAULTS as settings } from '../../test/support/scripted-mirrors.ts';
import { FILE } from '../../test/support/scripted-question.ts';
import { scriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Outcome } from '../balance/outcome.ts';
import { tableOf } from '../words/language.ts';
import { render } from '../words/render.ts';
import { newMirror, type Mirror } from './mirror.ts';
import { createRoster, type Roster } from './roster.ts';
import { verdictError } from './verdict-error.ts';

const LIMITED = { ...OUTCOMES.rateLimited, retryAfterMs: 20_000 };

test('when to come again while no mirror may be asked', async () => {
  const zh = await tableOf('zh');
  const table: [string, (roster: Roster, only: Mirror) => void, number][] = [
    ['it cools', (roster, only) => roster.observe(only, LIMITED, 'traffic'), 15_000],
    ['it is away for long', (roster, only) => roster.observe(only, OUTCOMES.wrong, 'traffic'), 30_000],
    ['it is in a trial', (roster, only) => void roster.begin(only, true, 0), 1000],
    ['nobody is reached from here', (roster, only) => roster.observe(only, OUTCOMES.local, 'traffic'), 1000],
    ['it is drained', (roster, only) => roster.order(only, { drainedUntilMs: Infinity }), 30_000],
  ];
  for (const [name, happen, retryAfterMs] of table) {
    const clock = new VirtualClock();
    const upstream = scriptedUpstream(clock, () => ({ do: 'hang' }));
    const endpoint = { name: 'a', url: new URL('http://a.test') };
    const spec = { endpoint, weight: 10, tier: 0, match: '*', probePath: '/p' };
    const only = newMirror(spec, upstream, { clock, settings });
    const told = { clock, random: () => 0.5, emit: () => undefined, lagging: () => false };
    const roster = createRoster(() => ({ mirrors: [only], settings }), told);
    happen(roster, only);
    await clock.advance(5000);
    const pool = { mirrors: [only], unanimous: false };
    const error = verdictError('nobody', { file: FILE, pool, roster, reports: [], nowMs: clock.now() });
    assert.deepEqual([error.code, error.retryAfterMs], ['E_NO_ELIGIBLE_MIRROR', retryAfterMs], name);
    const [detail = ''] = error.said.details.map((each) => render(each, zh));
    assert.ok(!detail.includes('{') && detail.startsWith('a：未询问，'), detail);
  }
});

test('that all have failed is one sentence, also in Chinese', async () => {
  const zh = await tableOf('zh');
  const clock = new VirtualClock();
  const upstream = scriptedUpstream(clock, () => ({ do: 'hang' }));
  const mirrorOf = (name: string): Mirror => {
    const endpoint = { name, url: new URL(`http://${name}.test`) };
    return newMirror({ endpoint, weight: 10, tier: 0, match: '*', probePath: '/p' }, upstream, {
      clock,
      settings,
    });
  };
  const words = (...names: string[]): string[] => {
    const mirrors = names.map(mirrorOf);
    const told = { clock, random: () => 0.5, emit: () => undefined, lagging: () => false };
    const roster = createRoster(() => ({ mirrors, settings }), told);
    const pool = { mirrors, unanimous: false };
    const reports = names.map((mirror) => ({ mirror, outcome: OUTCOMES.wrong, durationMs: 1 }));
    const file = { kind: 'list', module: 'example.com/m' } as const;
    const { message } = verdictError('failed', { file, pool, roster, reports, nowMs: 0 }).said;
    return [render(message), render(message, zh)];
  };
  assert.deepEqual(words('a'), [
    'the only mirror failed for example.com/m (version list)',
    '唯一的镜像失败：example.com/m（版本列表）',
  ]);
  assert.deepEqual(words('a', 'b'), [
    'all 2 mirrors failed for example.com/m (version list)',
    '全部 2 个镜像都失败：example.com/m（版本列表）',
  ]);
});

test('only where nobody has answered anything does a failure say nothing of the file', () => {
  const clock = new VirtualClock();
  const endpoint = { name: 'a', url: new URL('http://a.test') };
  const spec = { endpoint, weight: 10, tier: 0, match: '*', probePath: '/p' };
  const only = newMirror(
    spec,
    scriptedUpstream(clock, () => ({ do: 'hang' })),
    { clock, settings },
  );
  const told = { clock, random: () => 0.5, emit: () => undefined, lagging: () => false };
  const roster = createRoster(() => ({ mirrors: [only], settings }), told);
  const pool = { mirrors: [only], unanimous: false };
  const unanswered = (...causes: Outcome['cause'][]): boolean => {
    const reports = causes.map((cause) => {
      return { mirror: 'a', outcome: { class: 'http', cause, detail: 'so' } as const, durationMs: 1 };
    });
    return verdictError('failed', { file: FILE, pool, roster, reports, nowMs: 0 }).unanswered;
  };
  // The deadline came before anybody was heard.
  assert.equal(unanswered(), true);
  assert.equal(unanswered('connect-refused', 'header-timeout', 'certificate'), true);
  for (const cause of ['server-error', 'short-body', 'body-idle', 'bad-content', 'loop'] as const)
    assert.equal(unanswered('dns', cause), false, cause);
});
