import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIRRORS_DEFAULTS } from '../../test/support/scripted-mirrors.ts';
import { scriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createDoubts } from './doubts.ts';
import { newMirror, type Mirror } from './mirror.ts';

function mirrorOf(name: string): Mirror {
  const clock = new VirtualClock();
  const endpoint = { name, url: new URL(`http://${name}.test`) };
  const spec = { weight: 10, tier: 0, match: '*', probePath: '/probe', endpoint };
  const upstream = scriptedUpstream(clock, () => ({ do: 'hang' }));
  return newMirror(spec, upstream, { clock, settings: MIRRORS_DEFAULTS });
}

test('what nobody has answered is nobody to be charged for; an answer charges who failed before it and after it, once', () => {
  const [a, b, c] = [mirrorOf('a'), mirrorOf('b'), mirrorOf('c')];
  const charged: string[] = [];
  const doubts = createDoubts(new VirtualClock(), 3000);
  const raise = (mirror: Mirror, words: string, isSure?: boolean): boolean =>
    doubts.raise(mirror, () => void charged.push(`${mirror.name} ${words}`), isSure);
  assert.deepEqual([raise(a, 'slow'), raise(a, 'slow again'), raise(b, 'slow')], [false, false, false]);
  assert.deepEqual(charged, []);
  assert.equal(raise(b, 'unreachable', true), true, 'no question makes a mirror unreachable');
  doubts.answered(c);
  assert.deepEqual(charged, ['b unreachable', 'a slow']);
  assert.deepEqual([raise(a, 'slow'), raise(c, 'slow')], [false, false], 'once, and never who has answered');
  assert.equal(charged.length, 2);
});

test('agreement charges all who failed', () => {
  const a = mirrorOf('a');
  const doubts = createDoubts(new VirtualClock(), 3000);
  doubts.answered();
  let charges = 0;
  const raise = (): boolean => doubts.raise(a, () => void (charges += 1));
  assert.deepEqual([raise(), raise(), charges], [true, false, 1]);
});

test('an answer that comes much later says nothing of what was so before, but of who fails from then on', async () => {
  const [a, b] = [mirrorOf('a'), mirrorOf('b')];
  const clock = new VirtualClock();
  const doubts = createDoubts(clock, 3000);
  const charged: string[] = [];
  const raise = (mirror: Mirror): boolean => doubts.raise(mirror, () => void charged.push(mirror.name));
  raise(a);
  await clock.advance(1);
  raise(b);
  await clock.advance(3000);
  doubts.answered();
  assert.deepEqual(charged, ['b']);
  assert.equal(raise(a), true);
});
