import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../words/render.ts';
import { checkVendor } from './check-vendor.ts';

const REQUIRES = [
  { module: 'example.com/a', version: 'v1.0.0' },
  { module: 'example.com/b', version: 'v2.0.0+incompatible' },
];
const WELL =
  '# example.com/a v1.0.0\n## explicit; go 1.21\nexample.com/a/pkg\n# example.com/b v2.0.0+incompatible\n## explicit\n';

test('what go.mod requires stands in vendor/modules.txt', () => {
  assert.deepEqual(checkVendor(REQUIRES, undefined), [], 'there is no vendor folder');
  assert.deepEqual(checkVendor(REQUIRES, WELL), []);
  const old = checkVendor(REQUIRES, WELL.replace('v1.0.0', 'v0.9.0').replace(/# example.com\/b.*/, ''));
  assert.deepEqual(
    old.map(({ id, evidence, fix }) => [id, evidence.map((each) => render(each)), fix]),
    [
      [
        'project.vendor',
        [
          'go.mod: example.com/a v1.0.0; vendor: v0.9.0',
          'go.mod: example.com/b v2.0.0+incompatible; vendor: nothing',
        ],
        'go mod vendor',
      ],
    ],
  );
});
