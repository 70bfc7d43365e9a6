import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RondoEvent } from '../events/events.ts';
import { render } from '../words/render.ts';
import { showSecurity } from './show-security.ts';
import { shownLine } from './shown-line.ts';

test('a doubt about the database is shown once, and evidence line by line without control characters', () => {
  let emit: (event: RondoEvent) => void = () => assert.fail('nobody listens');
  let shown = '';
  const words = (text: string): void => void (shown += text);
  showSecurity(
    { subscribe: (sink) => (emit = sink) },
    { words, tell: (text) => words(shownLine(`rondo: ${render(text)}`)) },
  );
  const fork = { type: 'security', database: 'db', kind: 'fork' } as const;
  emit({ ...fork, message: 'SECURITY ERROR: two trees', evidence: 'old:\n\tone\u001b[2J\n' });
  emit({ ...fork, message: 'SECURITY ERROR: two trees', evidence: 'old:\n' });
  emit({ type: 'notice', level: 'error', message: 'something else' });
  assert.equal(
    shown,
    'rondo: SECURITY ERROR: two trees\nold:\n  one?[2J\n\n'.replace(
      '?',
      shown.includes('\ufffd') ? '\ufffd' : '?',
    ),
  );
  for (let n = 0; n < 10; n += 1) emit({ ...fork, kind: 'unproven', message: `${n}` });
  assert.equal(shown.match(/^rondo: /gm)?.length, 5);
});
