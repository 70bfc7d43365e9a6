import assert from 'node:assert/strict';
import { mkdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { tempProject } from '../../test/support/temp-folder.ts';
import { attempt, found, getRequest, other, textOf } from '../../test/support/upstream-for-test.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { BodyError, type RestRequest, type Upstream } from './attempt.ts';
import { createFileUpstream, fileFor } from './file-upstream.ts';

function open(folder: string): Upstream {
  return createFileUpstream({ name: 'folder', url: pathToFileURL(folder) }, new VirtualClock());
}

test('a file comes with its length and bytes', async (t) => {
  const folder = await tempProject(t, {
    'example.org/!a/@v/v1.0.0+incompatible.mod': 'module example.org/A\n',
  });
  const answer = found(await attempt(open(folder), '/example.org/!a/@v/v1.0.0+incompatible.mod'));
  assert.deepEqual([answer.status, answer.contentLength], [200, 21]);
  assert.equal(await textOf(answer.body), 'module example.org/A\n');
});

test('an empty file and a large one come whole', async (t) => {
  const large = 'x'.repeat(1_000_000);
  const folder = await tempProject(t, { 'a/@v/list': '', 'a/@v/v1.0.0.zip': large });
  assert.equal(await textOf(found(await attempt(open(folder), '/a/@v/list')).body), '');
  assert.equal(await textOf(found(await attempt(open(folder), '/a/@v/v1.0.0.zip')).body), large);
});

test('the rest of a file comes where it is certainly the same file, else all of it', async (t) => {
  const folder = await tempProject(t, { a: 'abcdef' });
  const upstream = open(folder);
  const { validator = '' } = found(await attempt(upstream, '/a'));
  const start = async (rest: RestRequest): Promise<unknown[]> => {
    const answer = found(await attempt(upstream, getRequest('/a', { rest })));
    return [answer.status, answer.startBytes, answer.contentLength, await textOf(answer.body)];
  };
  assert.deepEqual(await start({ fromBytes: 3, validator }), [206, 3, 6, 'def']);
  assert.deepEqual(await start({ fromBytes: 3, totalBytes: 6 }), [206, 3, 6, 'def']);
  const whole = [200, undefined, 6, 'abcdef'];
  assert.deepEqual(await start({ fromBytes: 3, validator: '"other"' }), whole);
  assert.deepEqual(await start({ fromBytes: 3, totalBytes: 7 }), whole);
  assert.deepEqual(await start({ fromBytes: 6, validator }), whole);
  await writeFile(join(folder, 'a'), 'ghijkl');
  await utimes(join(folder, 'a'), 1, 1);
  assert.deepEqual(await start({ fromBytes: 3, validator }), [200, undefined, 6, 'ghijkl']);
});

test('HEAD has the length and no bytes', async (t) => {
  const folder = await tempProject(t, { 'a/@v/list': 'v1.0.0\n' });
  const answer = found(await attempt(open(folder), getRequest('/a/@v/list', { method: 'HEAD' })));
  assert.equal(answer.contentLength, 7);
  assert.equal(await textOf(answer.body), '');
});

test('what is no file is not found', async (t) => {
  const folder = await tempProject(t, { 'a/@v/list': 'v1.0.0\n' });
  await mkdir(join(folder, 'b'));
  await symlink('nowhere', join(folder, 'dangling'));
  for (const path of ['/a/@latest', '/b', '/a/@v/list/x', '/dangling', '/', `/${'x'.repeat(5000)}`]) {
    const { outcome } = other(await attempt(open(folder), path));
    assert.deepEqual([path, outcome.class, outcome.cause], [path, 'neutral', 'not-found']);
  }
});

test('nothing outside the folder is reachable', async (t) => {
  const folder = await tempProject(t, { secret: 's', 'in/a': 'a' });
  const upstream = open(join(folder, 'in'));
  for (const path of [
    '/../secret',
    '/%2e%2e/secret',
    '/a/../../secret',
    '/..%2fsecret',
    '/..\\secret',
    '//secret',
  ]) {
    assert.equal(other(await attempt(upstream, path)).outcome.cause, 'not-found', path);
  }
  assert.equal(await textOf(found(await attempt(upstream, '/%61')).body), 'a');
});

test('no path at all names a file outside the folder', () => {
  const pieces = fc.constantFrom('..', '.', '', 'a', '%2e%2e', '%2f', '/', '\\', '%00', '%', '%5c', 'C:');
  fc.assert(
    fc.property(fc.array(pieces), fc.constantFrom('/', ''), (parts, joint) => {
      const path = fileFor('/folder', `/${parts.join(joint)}`);
      assert.ok(path === undefined || (path.startsWith('/folder/') && !path.split('/').includes('..')));
    }),
  );
});

test('a file larger than allowed is not begun', async (t) => {
  const folder = await tempProject(t, { a: 'abcde' });
  const answer = other(await attempt(open(folder), getRequest('/a', { maxBodyBytes: 4 })));
  assert.equal(answer.outcome.cause, 'bad-content');
});

test('a file that shrinks while it is read is a short body', async (t) => {
  const folder = await tempProject(t, { a: 'abcde' });
  const { body } = found(await attempt(open(folder), '/a'));
  await truncate(join(folder, 'a'), 2);
  await assert.rejects(
    textOf(body),
    (error) => error instanceof BodyError && error.outcome.cause === 'short-body',
  );
});

test('a dropped body cannot be read', async (t) => {
  const folder = await tempProject(t, { a: 'abcde' });
  const answer = found(await attempt(open(folder), '/a'));
  answer.cancel();
  answer.cancel();
  await assert.rejects(
    textOf(answer.body),
    (error) => error instanceof BodyError && error.outcome.class === 'neutral',
  );
});

test('an aborted signal rejects with its reason', async (t) => {
  const folder = await tempProject(t, { a: 'abcde' });
  const reason = new Error('enough');
  await assert.rejects(open(folder).attempt(getRequest('/a'), AbortSignal.abort(reason)), reason);
});
