import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import { render } from '../words/render.ts';
import { problemOf } from './said.ts';

test('the words of a mirror stand behind its name, and not in front of all once more', () => {
  const said = (message: string, details: string[]): string => {
    const problem = problemOf(new RondoError('E_NOT_FOUND', message, { details }));
    return typeof problem === 'string' ? problem : render(problem);
  };
  assert.equal(said('unknown revision.', ['a: unknown revision', 'b: 404']), 'a: unknown revision; b: 404');
  assert.equal(said('no mirror has it', ['a: 404', 'b: 404']), 'no mirror has it; a: 404; b: 404');
  assert.equal(said('unknown revision.', []), 'unknown revision.');
});
