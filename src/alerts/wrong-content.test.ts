import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RondoEvent } from '../events/events.ts';
import { createWrongContent } from './wrong-content.ts';

function wrongFrom(mirror: string): RondoEvent {
  return { type: 'integrity', mirror, module: 'm', version: 'v1', kind: 'zip', why: 'it differs' };
}

function doubt(kind: 'fork' | 'unproven'): RondoEvent {
  return { type: 'security', database: 'sum.example', kind, message: kind };
}

test('wrong content is held for 10 min from its last, a fork of the database for ever', () => {
  const wrong = createWrongContent();
  wrong.note(wrongFrom('a'), 0);
  wrong.note(doubt('fork'), 0);
  wrong.note(doubt('unproven'), 1);
  wrong.note(wrongFrom('a'), 1000);
  const messages = (nowMs: number): string[] => wrong.conditions(nowMs).map(({ message }) => message);
  assert.deepEqual(messages(600_999), ['a gave wrong content of m@v1: it differs', 'fork']);
  assert.deepEqual(messages(601_000), ['fork']);
  assert.deepEqual(messages(1e12), ['fork']);
});

test('no more subjects are remembered than there can be', () => {
  const wrong = createWrongContent();
  for (let index = 0; index < 500; index += 1) wrong.note(wrongFrom(`m${index}`), 0);
  assert.equal(wrong.conditions(1).length, 100);
});
