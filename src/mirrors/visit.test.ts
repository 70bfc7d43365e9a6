import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIRRORS_DEFAULTS } from '../../test/support/scripted-mirrors.ts';
import { scriptedUpstream, type Line, type ScriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RondoEvent } from '../events/events.ts';
import { createLagWatch } from '../kit/lag-watch.ts';
import { createDoubts, type Doubts } from './doubts.ts';
import { createLoad } from './load.ts';
import { newMirror, type Mirror } from './mirror.ts';
import { createRoster, type Roster } from './roster.ts';
import { Visit, type VisitNews } from './visit.ts';

const SPEC = { weight: 10, tier: 0, match: '*', probePath: '/probe' };
const QUESTION = {
  file: { kind: 'mod', module: 'example.com/m', version: 'v1.0.0' },
  method: 'GET',
} as const;

type World = {
  readonly clock: VirtualClock;
  readonly upstream: ScriptedUpstream;
  readonly mirror: Mirror;
  readonly roster: Roster;
  readonly lost: Set<Visit>;
  readonly doubts: Doubts;
  readonly news: string[];
  /** How its visits ended. */
  outcomes(): string[];
  visit(): Visit;
};

/** One mirror that does `line` with each request, and who visits it. */
function world(line: Line): World {
  const clock = new VirtualClock();
  const settings = MIRRORS_DEFAULTS;
  const upstream = scriptedUpstream(clock, () => line);
  const endpoint = { name: 'a', url: new URL('http://a.test') };
  const mirror = newMirror({ ...SPEC, endpoint }, upstream, { clock, settings });
  const events: RondoEvent[] = [];
  const emit = (event: RondoEvent): void => void events.push(event);
  const fleet = { mirrors: [mirror], settings };
  const roster = createRoster(() => fleet, { clock, random: () => 0.5, emit, lagging: () => false });
  const load = createLoad(roster, () => fleet, clock);
  const news: VisitNews[] = [];
  const lost = new Set<Visit>();
  const doubts = createDoubts(clock, settings.softHeaderMs);
  const lag = createLagWatch(clock, () => settings.lagMs);
  const context = {
    pool: { mirrors: [mirror], unanimous: false },
    roster,
    load,
    settings,
    clock,
    emit,
    lag,
    doubts,
    lost,
    post: (each: VisitNews) => void news.push(each),
  };
  return {
    clock,
    upstream,
    mirror,
    roster,
    lost,
    doubts,
    get news() {
      return news.map(({ kind }) => kind);
    },
    outcomes: () => events.flatMap((event) => (event.type === 'visit' ? [event.outcome.cause] : [])),
    visit: () =>
      new Visit(
        mirror,
        { ...QUESTION, maxBodyBytes: 100 },
        { revisit: false, rescue: false, besideNo: false, slot: undefined },
        context,
      ),
  };
}

test('a 200 that has come and that nobody takes is dropped, once, and its mirror is not charged', async () => {
  const all = world({ do: 'answer' });
  const visit = all.visit();
  await all.clock.advance(0);
  assert.deepEqual(all.news, ['found']);
  visit.cancel();
  visit.cancel();
  const { upstream, mirror, roster } = all;
  assert.deepEqual([upstream.dropped, mirror.inFlight, roster.standing(mirror).score], [1, 0, 1]);
  assert.deepEqual(all.outcomes(), ['superseded']);
});

test('a loser is waited for: its connection stays, its time is known, nobody is charged or told', async () => {
  const all = world({ do: 'answer', afterMs: 1200 });
  const visit = all.visit();
  await all.clock.advance(100);
  visit.lose();
  assert.deepEqual(
    [all.upstream.cancelled, all.mirror.inFlight, all.mirror.waiting.size, all.lost.size],
    [0, 1, 1, 1],
  );
  await all.clock.advance(1100);
  const { upstream, mirror, roster, lost } = all;
  assert.deepEqual([upstream.cancelled, upstream.dropped], [0, 1]);
  assert.deepEqual([mirror.inFlight, mirror.waiting.size, lost.size], [0, 0, 0]);
  assert.equal(mirror.pace.latency.small?.value, 1200);
  assert.equal(roster.standing(mirror).score, 1);
  assert.equal(mirror.state.trafficOkMs, undefined, 'nobody has looked at what it sent');
  assert.deepEqual([all.news, all.outcomes()], [[], ['ok']]);
});

test('a loser that fails has failed, and one that keeps silent is charged at the soft limit and left', async () => {
  const failing = world({ do: 'other', afterMs: 500, outcome: OUTCOMES.unavailable });
  failing.visit().lose();
  await failing.clock.advance(500);
  assert.equal(failing.mirror.state.unavailable, 1);
  assert.deepEqual(failing.news, []);

  const silent = world({ do: 'hang' });
  silent.visit().lose();
  silent.doubts.answered();
  await silent.clock.advance(3000);
  assert.equal(silent.mirror.state.trafficFailures, 1);
  assert.deepEqual(
    [silent.upstream.cancelled, silent.mirror.inFlight, silent.outcomes()],
    [1, 0, ['slow-header']],
  );
  assert.equal(silent.clock.pending, 0);
});

test('a loser past its soft limit, or whose answer is there, is dropped at once', async () => {
  const late = world({ do: 'hang' });
  const visit = late.visit();
  await late.clock.advance(3000);
  assert.equal(late.mirror.state.trafficFailures, 0, 'nobody has answered it yet');
  late.doubts.answered();
  visit.lose();
  await late.clock.advance(0);
  assert.deepEqual([late.upstream.cancelled, late.mirror.inFlight, late.lost.size], [1, 0, 0]);
  assert.equal(late.mirror.state.trafficFailures, 1, 'charged once');
  assert.deepEqual(late.outcomes(), ['slow-header'], 'which is how it ended');

  const both = world({ do: 'answer' });
  const second = both.visit();
  await both.clock.advance(0);
  second.lose();
  assert.deepEqual([both.upstream.dropped, both.mirror.inFlight], [1, 0]);
  assert.deepEqual(both.outcomes(), ['superseded']);
});

test('a trial that was too slow has been decided: its late end does not touch the next trial', async () => {
  const all = world({ do: 'hang' });
  const { clock, mirror, roster } = all;
  for (let n = 0; n < 3; n += 1) roster.observe(mirror, OUTCOMES.reset, 'traffic');
  await clock.advance(1000);
  const first = all.visit();
  all.doubts.answered();
  await clock.advance(3000);
  assert.equal(roster.standing(mirror).status, 'UNHEALTHY');
  await clock.advance(2000);
  all.visit();
  assert.equal(roster.standing(mirror).eligible, false, 'a trial is under way');
  first.cancel();
  assert.equal(roster.standing(mirror).eligible, false);
});

test('the age of an attempt without an answer tells of the mirror up to the soft limit, where it becomes a sample', async () => {
  const all = world({ do: 'hang' });
  all.visit();
  await all.clock.advance(2999);
  assert.deepEqual(all.mirror.pace.latency, {});
  assert.equal([...all.mirror.waiting][0]?.tells, true);
  await all.clock.advance(1);
  assert.equal(all.mirror.pace.latency.small?.value, 3000);
  assert.deepEqual([all.mirror.waiting.size, all.mirror.slots.limit], [0, 32], 'others may have its slot');
  all.doubts.answered();
  assert.equal(all.mirror.slots.limit, 16, 'there was too much at once, perhaps');
});

const TIMED_OUT: Line = {
  do: 'other',
  outcome: { class: 'http', cause: 'soft-not-found', status: 404, detail: '404 Not Found, but for now only' },
};

test('what may be the fault of the question is charged once another has answered it, or the mirror failed its probe', async () => {
  for (const [name, line, ms] of [
    ['silence', { do: 'hang' }, 3000],
    ['a soft 404', TIMED_OUT, 0],
  ] as const) {
    const all = world(line);
    const { clock, mirror, roster, doubts } = all;
    all.visit();
    all.visit();
    await clock.advance(ms);
    assert.deepEqual([mirror.state.trafficFailures, roster.standing(mirror).score], [0, 1], name);
    doubts.answered();
    assert.equal(mirror.state.trafficFailures, 1, `${name}: once a question`);

    const shaky = world(line);
    shaky.roster.observe(shaky.mirror, OUTCOMES.reset, 'probe');
    shaky.visit();
    await shaky.clock.advance(ms);
    assert.equal(shaky.mirror.state.trafficFailures, 1, `${name}, after a probe that failed`);
  }
});

test('a trial that decides nothing is given back, and still fails if another mirror answers', async () => {
  const all = world({ do: 'hang' });
  const { clock, mirror, roster } = all;
  for (let n = 0; n < 3; n += 1) roster.observe(mirror, OUTCOMES.reset, 'traffic');
  await clock.advance(1000);
  all.visit();
  await clock.advance(3000);
  assert.deepEqual([roster.standing(mirror).status, roster.standing(mirror).trial], ['TRIAL', true]);
  all.doubts.answered();
  assert.equal(roster.standing(mirror).status, 'UNHEALTHY');
});

test('no question keeps a connection from being made: that is charged in any case, and once', async () => {
  const outcome = { class: 'http', cause: 'connect-timeout', detail: 'no connection in time' } as const;
  const all = world({ do: 'other', afterMs: 5000, outcome });
  all.visit();
  await all.clock.advance(3000);
  assert.equal(all.mirror.state.trafficFailures, 0);
  await all.clock.advance(2000);
  all.doubts.answered();
  assert.equal(all.mirror.state.trafficFailures, 1);
});
