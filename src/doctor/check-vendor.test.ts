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
const FACTS = { requires: REQUIRES, modulesTxt: WELL, isWorkspace: false };

test('what go.mod requires stands in vendor/modules.txt', () => {
  assert.deepEqual(checkVendor({ ...FACTS, modulesTxt: undefined }), [], 'there is no vendor folder');
  assert.deepEqual(checkVendor(FACTS), []);
  const modulesTxt = WELL.replace('v1.0.0', 'v0.9.0').replace(/# example.com\/b.*/, '');
  const old = checkVendor({ ...FACTS, modulesTxt });
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

test('modules of a workspace may require several versions of one, and all of them are vendored', () => {
  const requires = [...REQUIRES, { module: 'example.com/a', version: 'v1.1.0' }];
  const modulesTxt = `## workspace\n${WELL}# example.com/a v1.1.0\n## explicit\n`;
  assert.deepEqual(checkVendor({ requires, modulesTxt, isWorkspace: true }), []);
  const [finding] = checkVendor({
    requires: [...requires, { module: 'example.com/a', version: 'v1.2.0' }],
    modulesTxt,
    isWorkspace: true,
  });
  assert.deepEqual(
    [finding?.evidence.map((each) => render(each)), finding?.fix],
    [['go.mod: example.com/a v1.2.0; vendor: v1.0.0, v1.1.0'], 'go work vendor'],
  );
});
