import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Link } from './link.ts';

/** 1000 bytes a millisecond. */
const RATE = 8_000_000;

test('pieces that are sent together arrive one after the other', () => {
  const link = new Link(RATE);
  link.reserve(5000, 0);
  assert.equal(link.reserve(1000, 0), 1);
  assert.equal(link.reserve(2000, 0), 3);
});

test('two senders of one piece at a time get half of the line each', () => {
  const link = new Link(RATE);
  const arrived = [0, 0];
  const nextMs = [1000, 1000];
  for (let piece = 0; piece < 200; piece += 1) {
    const sender = (nextMs[0] ?? 0) <= (nextMs[1] ?? 0) ? 0 : 1;
    nextMs[sender] = link.reserve(1000, nextMs[sender] ?? 0);
    arrived[sender] = (arrived[sender] ?? 0) + 1;
  }
  // The first may have caught up on a pause that there never was.
  for (const count of arrived) assert.ok(Math.abs(count - 100) <= 5, String(arrived));
});

test('a sender whose timers are late by less than the catch-up gets the full rate, a pause is not made up', () => {
  const link = new Link(RATE);
  let nowMs = 1000;
  const startMs = link.reserve(0, nowMs);
  for (let piece = 0; piece < 100; piece += 1) nowMs = link.reserve(10_000, nowMs) + 1.5;
  assert.equal(nowMs - 1.5 - startMs, 1000);
  assert.equal(link.reserve(10_000, nowMs + 60_000), nowMs + 60_000 + 5);
});
