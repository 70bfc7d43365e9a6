import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLevel } from '../config/config.ts';
import { createBus } from '../events/bus.ts';
import { showNotices } from './show-notices.ts';

function shown(level: LogLevel): string[] {
  const lines: string[] = [];
  const bus = createBus(assert.ifError);
  const context = {
    warn: (message: string) => void lines.push(`warning: ${message}`),
    words: (text: string) => void lines.push(text),
  };
  showNotices(bus, level, context);
  bus.emit({ type: 'notice', level: 'info', message: 'all is \u001b[31mwell' });
  bus.emit({ type: 'notice', level: 'warn', message: 'hm' });
  bus.emit({ type: 'notice', level: 'error', message: 'oh' });
  bus.emit({ type: 'failover', from: 'a', to: 'b', kind: 'zip' });
  return lines;
}

test('notices of at least the level are words, and nothing else is', () => {
  const info = 'rondo: all is \u{FFFD}[31mwell\n';
  assert.deepEqual(shown('trace'), [info, 'warning: hm', 'warning: oh']);
  assert.deepEqual(shown('info'), [info, 'warning: hm', 'warning: oh']);
  assert.deepEqual(shown('error'), ['warning: oh']);
  assert.deepEqual(shown('silent'), []);
});
