import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { nextRound } from '../kit/next-round.ts';
import type { Collected, CollectGoal } from './collector.ts';
import { createRoom, type Room } from './room.ts';

const MAX_BYTES = 1000;

type World = {
  readonly room: Room;
  readonly goals: CollectGoal[];
  heldBytes: number;
  /** Ends the collection that is under way. */
  collected(heldBytes: number, why?: Collected['why']): Promise<void>;
};

/** A copy of 1000 bytes that is full; what collecting does is up to the test. */
function world(): World {
  const goals: CollectGoal[] = [];
  let end: ((collected: Collected) => void) | undefined;
  const made: Omit<World, 'room'> = {
    goals,
    heldBytes: MAX_BYTES,
    async collected(heldBytes, why = 'enough') {
      made.heldBytes = heldBytes;
      end?.({ files: why === 'enough' ? 1 : 0, bytes: 0, stayed: 0, why });
      await nextRound();
    },
  };
  const amount = (): { files: number; bytes: number } => ({ files: 1, bytes: made.heldBytes });
  const room = createRoom({
    settings: () => ({ maxBytes: MAX_BYTES }),
    index: {
      filledTotals: () => Promise.resolve({ ...amount(), own: amount() }),
      putBytes: () => 0,
    },
    collect: (goal) =>
      new Promise((resolve) => {
        goals.push(goal);
        end = resolve;
      }),
    freeBytes: () => Promise.resolve(undefined),
    clock: new VirtualClock(),
  });
  return Object.assign(made, { room });
}

function ends(asked: readonly Promise<void>[]): { readonly kept: () => number; readonly said: string[] } {
  let kept = 0;
  const said: string[] = [];
  for (const each of asked) {
    each.then(
      () => (kept += 1),
      (error: unknown) => void said.push(String(error)),
    );
  }
  return { kept: () => kept, said };
}

test('room is made for one after the other, and nothing is given up for those who wait', async () => {
  const { room, goals, collected } = world();
  const { kept, said } = ends(Array.from({ length: 9 }, () => room.reserve(150, true)));
  await nextRound();
  assert.deepEqual(goals, [{ maxBytes: 850 }], 'not by 9 x 150');
  await collected(400);
  assert.equal(kept(), 4, 'there is room for so many');
  assert.deepEqual(goals.slice(1), [{ maxBytes: 250 }], 'four are being written');
  assert.deepEqual(said, []);
});

test('when nothing may go all who wait are told at once', async () => {
  const { room, goals, collected } = world();
  const { kept, said } = ends(Array.from({ length: 9 }, () => room.reserve(150, true)));
  await nextRound();
  await collected(MAX_BYTES, 'nothing-left');
  await nextRound();
  assert.equal(kept(), 0);
  assert.equal(said.filter((text) => text.includes('is used up')).length, 9);
  assert.equal(goals.length, 1);
});

test('so many wait at the most, and those who come later are told at once', async () => {
  const { room, collected } = world();
  const { kept, said } = ends(Array.from({ length: 300 }, () => room.reserve(1, true)));
  await nextRound();
  assert.equal(said.filter((text) => text.includes('is used up')).length, 300 - 256);
  await collected(500);
  assert.equal(kept(), 256);
  await room.reserve(1, true);
});

test('who comes while others wait does not take what was made for them', async () => {
  const { room, collected } = world();
  const first = ends([room.reserve(600, true)]);
  await nextRound();
  const second = ends([room.reserve(300, true)]);
  await nextRound();
  await collected(400);
  await nextRound();
  assert.deepEqual([first.kept(), first.said], [1, []]);
  // 1000 bytes are held or being written: room for the second one is made anew.
  assert.equal(second.kept(), 0);
  room.giveBack(600);
  await collected(600);
  await nextRound();
  assert.equal(second.kept(), 1);
});
