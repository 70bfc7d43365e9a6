import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../words/render.ts';
import type { Text } from '../words/text.ts';
import type { RondoEvent } from '../events/events.ts';
import type { LogLevel } from '../kit/log-level.ts';
import { showNotices } from './show-notices.ts';
import { shownLine } from './shown-line.ts';

function shown(level: LogLevel, most?: number): string[] {
  const lines: string[] = [];
  let emit: (event: RondoEvent) => void = () => assert.fail('nobody listens');
  const context = {
    warn: (message: Text | string) => void lines.push(`warning: ${render(message)}`),
    tell: (text: Text | string) => void lines.push(shownLine(`rondo: ${render(text)}`)),
  };
  const leftOut = showNotices({ subscribe: (sink) => (emit = sink) }, () => level, context, most);
  emit({ type: 'notice', level: 'debug', message: 'by the way' });
  emit({ type: 'notice', level: 'info', message: 'all is \u001b[31mwell' });
  emit({ type: 'notice', level: 'warn', message: 'hm' });
  emit({ type: 'notice', level: 'error', message: 'oh' });
  emit({ type: 'failover', from: 'a', to: 'b', kind: 'zip' });
  if (leftOut() > 0) lines.push(`and ${leftOut()} more`);
  return lines;
}

test('notices of at least the level are words, and nothing else is', () => {
  const info = 'rondo: all is \u{FFFD}[31mwell\n';
  assert.deepEqual(shown('debug'), ['rondo: by the way\n', info, 'warning: hm', 'warning: oh']);
  assert.deepEqual(shown('info'), [info, 'warning: hm', 'warning: oh']);
  assert.deepEqual(shown('error'), ['warning: oh']);
  assert.deepEqual(shown('silent'), []);
});

test('beyond the most that are shown they are counted', () => {
  assert.deepEqual(shown('warn', 1), ['warning: hm', 'and 1 more']);
  assert.deepEqual(shown('warn', 2), ['warning: hm', 'warning: oh']);
});
