import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProjectMod, readUses } from './project-mod.ts';

test('what a build takes from a proxy: requirements, or what they are replaced by', () => {
  const text = `module example.com/m
go 1.26
toolchain go1.26.8
require (
	example.com/kept v1.0.0
	example.com/forked v1.1.0 // indirect
	example.com/local v1.2.0
	example.com/exact v1.3.0
	example.com/other v1.4.0
)
replace example.com/forked => example.com/fork v1.1.1
replace (
	example.com/local => ../local
	example.com/exact v1.3.0 => example.com/exact v1.3.1
	example.com/other v1.0.0 => ./other // of another version
)
`;
  assert.deepEqual(readProjectMod(text), {
    needs: [
      { module: 'example.com/kept', version: 'v1.0.0' },
      { module: 'example.com/fork', version: 'v1.1.1' },
      { module: 'example.com/exact', version: 'v1.3.1' },
      { module: 'example.com/other', version: 'v1.4.0' },
    ],
    toolchain: '1.26.8',
  });
});

test('what go would refuse is passed over', () => {
  const text =
    'require\nrequire ../up v1.0.0\nrequire example.com/m master\nreplace => x\ntoolchain none\n(\n)';
  assert.deepEqual(readProjectMod(text), { needs: [], toolchain: undefined });
});

test('the folders of a workspace', () => {
  assert.deepEqual(readUses('go 1.26\nuse .\nuse (\n\t./tools // ours\n\t"../with space"\n)\n'), [
    '.',
    './tools',
    '../with space',
  ]);
});
