import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { tableOf } from '../words/language.ts';
import { render, type Table } from '../words/render.ts';
import { say } from '../words/text.ts';
import { createProgressLine, progressWords } from './progress.ts';
import type { Screen } from './screen.ts';

function shownOn(
  isTerminal: boolean,
  table?: Table,
): {
  clock: VirtualClock;
  written: string[];
  line: ReturnType<typeof createProgressLine>;
} {
  const clock = new VirtualClock();
  const written: string[] = [];
  const screen: Screen = { isTerminal, width: isTerminal ? 50 : Infinity, height: 24, color: false, table };
  const surroundings = { clock, words: (text: string) => void written.push(text), screen: () => screen };
  return { clock, written, line: createProgressLine(say('verifying'), surroundings) };
}

const wordsOf = (...far: Parameters<typeof progressWords>): string => render(progressWords(...far));

test('count, bytes, rate, time left', () => {
  assert.equal(
    wordsOf({ done: 120, total: 1000, bytes: 5 * 2 ** 20 }, 4000),
    '120 of 1000, 5 MiB, 1.3 MiB/s, 29 s left',
  );
  assert.equal(wordsOf({ done: 0, total: 10, bytes: 0 }, 0), '0 of 10');
  assert.equal(wordsOf({ done: 10, total: 10, bytes: 0 }, 1000), '10 of 10');
});

test('a terminal gets a line that is drawn over itself, no wider than it is, ten times a second', async () => {
  const { clock, written, line } = shownOn(true);
  for (let done = 0; done <= 50; done += 1) {
    line.update({ done, total: 100, bytes: done * 1024 });
    await clock.advance(10);
  }
  line.end();
  line.end();
  assert.ok(written.length >= 4 && written.length <= 7, String(written.length));
  const again = '\u001B[1A\r\u001B[0J';
  assert.equal(written[0], 'verifying 9 of 100, 9 KiB, 90 KiB/s, 1011 ms left\n');
  assert.ok(written.slice(1).every((text) => text.startsWith(again)));
  const last = 'verifying 50 of 100, 50 KiB, 98 KiB/s, 510 ms left\n';
  assert.equal(written.at(-1), `${again}${last}`);
  assert.equal(clock.pending, 0);
});

test('where nobody watches: a line every 10 s, and none for what is quick', async () => {
  const { clock, written, line } = shownOn(false);
  line.update({ done: 1, total: 4, bytes: 1024 });
  await clock.advance(9999);
  assert.deepEqual(written, []);
  line.update({ done: 2, total: 4, bytes: 2048 });
  await clock.advance(1);
  assert.deepEqual(written, ['rondo: verifying 2 of 4, 2 KiB, 205 B/s, 10 s left\n']);
  await clock.advance(10_000);
  assert.equal(written.length, 2, 'also while nothing moves: it says for how long');
  line.update({ done: 4, total: 4, bytes: 4096 });
  line.end();
  assert.equal(written.length, 2);
  assert.equal(clock.pending, 0);
});

test('the time left is that of the bytes that are known to come, where the last files are the largest', () => {
  const far = { done: 99, total: 100, bytes: 10 * 2 ** 20 };
  assert.match(wordsOf(far, 10_000), /, 101 ms left$/);
  assert.match(wordsOf({ ...far, comingBytes: 50 * 2 ** 20 }, 10_000), /, 50 s left$/);
});

test('no time is told while nobody knows how large the largest files are', () => {
  const far = { done: 99, total: 100, bytes: 10 * 2 ** 20 };
  assert.equal(wordsOf({ ...far, isOpen: true }, 10_000), '99 of 100, 10 MiB, 1 MiB/s');
});

test('what was counted stands at the end, and not what came after it and has nothing to count', async () => {
  const { clock, written, line } = shownOn(true);
  line.update({ done: 4, total: 4, bytes: 4096 });
  await clock.advance(1000);
  line.next(say('sealing'));
  line.update({ done: 0, total: 0, bytes: 0 });
  await clock.advance(1000);
  line.end();
  const again = '\u001B[1A\r\u001B[0J';
  const first = `verifying [${'#'.repeat(14)}] 4 of 4, 4 KiB, 40 KiB/s\n`;
  const full = `verifying [${'#'.repeat(15)}] 4 of 4, 4 KiB, 4 KiB/s\n`;
  assert.deepEqual([written[0], ...written.slice(-2)], [first, `${again}sealing\n`, `${again}${full}`]);
});

test('each part of the work has its own name, rate and time left; in Chinese too', async () => {
  const { clock, written, line } = shownOn(false, await tableOf('zh'));
  line.update({ done: 0, total: 9, bytes: 0 });
  await clock.advance(9000);
  line.update({ done: 9, total: 9, bytes: 9 * 1024 });
  line.next(say('exporting'));
  line.update({ done: 0, total: 9, bytes: 0 });
  line.update({ done: 3, total: 9, bytes: 1024 });
  await clock.advance(1000);
  line.end();
  assert.deepEqual(written, ['rondo: 正在导出 3/9，1 KiB，1 KiB/s，剩余 2 秒\n']);
});

test('of work that is not counted only the name is shown', async () => {
  const { clock, written, line } = shownOn(false);
  line.next(say('sealing'));
  line.update({ done: 0, total: 0, bytes: 0 });
  await clock.advance(10_000);
  line.end();
  assert.deepEqual(written, ['rondo: sealing\n']);
});
