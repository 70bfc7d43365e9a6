import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, dividedKeys } from './divided-config.ts';

test('every time is divided, what goes by the second is multiplied, and nothing else is touched', () => {
  const keys = dividedKeys(10);
  assert.deepEqual(keys['timeouts'], {
    connect: '500ms',
    tls: '500ms',
    header_soft: '300ms',
    header: '6s',
    body_idle: '1s',
    min_rate: '10000',
    min_rate_window: '3s',
    deadline: '9s',
    agreement: '1s',
  });
  assert.equal(keys['hedge']?.['min'], '2ms');
  assert.equal(keys['retry']?.['budget_per_second'], '20');
  assert.equal(keys['breaker']?.['lag'], undefined);
  assert.equal(keys['limits'], undefined);
  assert.deepEqual(dividedKeys(1), {});
});

test('later keys replace earlier ones, section by section', () => {
  const text = configText(
    'http://a',
    { cache: { hold: '1s', dir: '/x' } },
    { cache: { hold: '2s' }, early: { at_once: '0' } },
  );
  assert.equal(text, 'proxy = http://a\n[cache]\nhold = 2s\ndir = /x\n[early]\nat_once = 0\n');
});
