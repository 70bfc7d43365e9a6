import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChecksumDatabase } from './checksum-database.ts';
import { standardWorld } from './fixture-world.ts';

const world = await standardWorld();

test('a lookup answers the record and a tree head; absent versions and bad syntax are told apart', () => {
  const database = ChecksumDatabase.over(world.modules);
  const caps = world.modules.findIndex((module) => module.path === 'github.com/Fixture/Caps');
  const answer = database.answer('/lookup/github.com/!fixture/!caps@v1.0.0');
  assert.equal(answer.status, 200);
  const [id, zip, mod, blank, head, size] = answer.body.toString().split('\n');
  assert.equal(id, String(caps));
  assert.equal(zip, `github.com/Fixture/Caps v1.0.0 ${world.modules[caps]?.zipH1}`);
  assert.equal(mod, `github.com/Fixture/Caps v1.0.0/go.mod ${world.modules[caps]?.modH1}`);
  assert.deepEqual([blank, head, size], ['', 'go.sum database tree', String(database.size)]);
  assert.equal(database.answer('/lookup/github.com/Fixture/Caps@v1.0.0').status, 404);
  assert.equal(database.answer('/lookup/example.com/leaf@latest').status, 400);
  assert.equal(database.answer('/supported').status, 200);
  assert.equal(database.answer('/nonsense').status, 404);
  assert.equal(database.answer('/tile/8/0/1').status, 400);
});

test('hide and setDown lie as told', () => {
  const database = ChecksumDatabase.over(world.modules);
  database.hide('example.com/leaf', 'v1.0.0');
  database.hide('example.com/leaf', 'v1.1.0', 410);
  const absent = database.answer('/lookup/example.com/leaf@v1.0.0');
  assert.equal(absent.status, 404);
  assert.match(absent.body.toString(), /^not found: example\.com\/leaf@v1\.0\.0/);
  assert.equal(database.answer('/lookup/example.com/leaf@v1.1.0').status, 410);
  database.setDown(true);
  assert.equal(database.answer('/supported').status, 503);
  database.setDown(false);
  assert.equal(database.answer('/supported').status, 200);
});

test('a restored snapshot answers the same bytes', () => {
  const database = ChecksumDatabase.over(world.modules, 'sum.rondo.test/path');
  database.add('example.com/leaf', 'v1.0.0', 'h1:wrong', 'h1:wrong');
  database.hide('example.com/m', 'v1.3.0', 410);
  const restored = ChecksumDatabase.restore(database.snapshot());
  assert.equal(restored.key, database.key);
  const paths = [
    '/latest',
    '/lookup/example.com/leaf@v1.0.0',
    '/lookup/example.com/m@v1.3.0',
    '/tile/8/data/000.p/3',
  ];
  for (const path of paths) assert.deepEqual(restored.answer(path), database.answer(path), path);
  assert.match(restored.answer('/lookup/example.com/leaf@v1.0.0').body.toString(), /v1\.0\.0 h1:wrong/);
});

test('a database of the same name with another seed has another key', () => {
  assert.notEqual(new ChecksumDatabase('sum.rondo.test', 'impostor').key, new ChecksumDatabase().key);
});
