import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIRRORS_DEFAULTS } from '../../test/support/scripted-mirrors.ts';
import { scriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RondoEvent } from '../events/events.ts';
import { createRoster, newMirror } from './roster.ts';
import { Visit, type VisitNews } from './visit.ts';

const SPEC = { weight: 10, tier: 0, match: '*', probePath: '/probe' };

test('a 200 that has come and that nobody takes is dropped, once, and its mirror is not charged', async () => {
  const clock = new VirtualClock();
  const upstream = scriptedUpstream(clock, () => ({ do: 'answer' }));
  const mirror = newMirror(
    { ...SPEC, endpoint: { name: 'a', url: new URL('http://a.test') } },
    upstream,
    clock,
  );
  const events: RondoEvent[] = [];
  const emit = (event: RondoEvent): void => void events.push(event);
  const settings = MIRRORS_DEFAULTS;
  const roster = createRoster([mirror], { settings, clock, random: () => 0.5, emit });
  const news: VisitNews[] = [];
  const post = (each: VisitNews): void => void news.push(each);
  const question = {
    file: { kind: 'list', module: 'example.com/m' },
    method: 'GET',
    maxBodyBytes: 100,
  } as const;
  const visit = new Visit(mirror, question, false, false, { roster, settings, clock, emit, post });
  await clock.advance(0);
  assert.deepEqual(
    news.map(({ kind }) => kind),
    ['found'],
  );
  visit.cancel();
  visit.cancel();
  assert.deepEqual([upstream.dropped, mirror.inFlight, roster.standing(mirror).score], [1, 0, 1]);
  const outcomes = events.flatMap((event) => (event.type === 'visit' ? [event.outcome.cause] : []));
  assert.deepEqual(outcomes, ['client-gone']);
});
