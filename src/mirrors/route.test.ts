import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForAll, routeOf } from './route.ts';

test('a private module goes to those that are named for it, a public one to those of * too', () => {
  const matches = ['*', ' * , corp.example', 'corp.example/a', 'other.example', '*.example'];
  const table: [module: string, patterns: string, privateBy: string | undefined, heard: number[]][] = [
    ['example.com/m', '', undefined, [0, 1]],
    ['example.com/m', 'corp.example', undefined, [0, 1]],
    ['corp.example/a/b', 'none', undefined, [0, 1, 2, 4]],
    ['corp.example/a/b', 'x.example,corp.example', 'corp.example', [1, 2, 4]],
    ['corp.example/b', '*.example,corp.example', '*.example', [1, 4]],
    ['git.secret/b', '*', '*', []],
  ];
  for (const [module, patterns, privateBy, heard] of table) {
    const route = routeOf(module, matches, (match) => match, patterns);
    const expected = { privateBy, mirrors: heard.map((index) => matches[index]) };
    assert.deepEqual(route, expected, `${module} with ${patterns}`);
  }
  assert.deepEqual(matches.map(isForAll), [true, true, false, false, false]);
});
