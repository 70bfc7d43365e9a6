import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { environmentName, keyPath, type Key } from './key.ts';
import { MIRROR, TOP_LEVEL } from './keys.ts';
import { SECTIONS } from './section-keys.ts';
import * as values from './values.ts';

const read = (value: values.Value<unknown>, text: string): unknown => {
  const parsed = value.schema.safeParse(text);
  return parsed.success ? parsed.data : `! ${parsed.error.issues[0]?.message}`;
};

test('values are read, and what is wrong is said in words', () => {
  const table: [values.Value<unknown>, string, unknown][] = [
    [values.flag, 'true', true],
    [values.flag, 'yes', '! must be true or false'],
    [values.duration('1s', '1m'), '5s', 5000],
    [values.duration('1s', '1m'), '5', '! is not a duration (write 500ms, 5s or 2m)'],
    [values.duration('1s', '1m'), '2m', '! must be between 1s and 1m'],
    [values.durationOrWhole, 'whole', 'whole'],
    [values.durationOrWhole, '0', 0],
    [values.durationOrWhole, 'half', '! is neither a duration (write 5s) nor whole'],
    [values.size('1KiB', '1MiB'), '8KiB', 8192],
    [values.size('1KiB', '1MiB'), '1GiB', '! must be between 1KiB and 1MiB'],
    [values.integer(1, 1000), '1000', 1000],
    [values.integer(1, 1000), '0', '! must be a whole number from 1 to 1000'],
    [values.integer(1, 1000), '1e2', '! must be a whole number from 1 to 1000'],
    [values.decimal(0, 1), '0.3', 0.3],
    [values.decimal(0, 1), '-0.3', '! must be a number from 0 to 1'],
    [values.oneOf('a', 'b'), 'b', 'b'],
    [values.oneOf('a', 'b'), 'toString', '! must be one of a, b'],
    [values.someOf(['a', 'b', 'c']), 'c, a', ['a', 'c']],
    [values.someOf(['a', 'b', 'c']), 'a,a', '! must be some of a, b, c, separated by commas'],
    [values.someOf(['a', 'b']), 'a,d', '! must be some of a, b, separated by commas'],
    [values.rate, '10/s', 600],
    [values.rate, '100/m', 100],
    [values.rate, '0/s', '! must be a rate such as 10/s or 300/m'],
    [values.rate, '10', '! must be a rate such as 10/s or 300/m'],
    [values.serverUrl, 'https://a.example/x?y', 'https://a.example/x?y'],
    [values.serverUrl, 'https://u:p@a.example/', '! must be an http or https URL without a login'],
    [values.serverUrl, 'ftp://a.example/', '! must be an http or https URL without a login'],
    [values.urlPath, '/health', '/health'],
    [values.urlPath, 'health', '! must be a path such as /golang.org/x/text/@v/list'],
    [values.urlPath, '/a/../b', '! must be a path such as /golang.org/x/text/@v/list'],
    [values.urlPath, '/a b', '! must be a path such as /golang.org/x/text/@v/list'],
    [values.basePath, '/go/', '/go'],
    [values.basePath, '/', ''],
    [values.basePath, '/a-b/c_d.~1', '/a-b/c_d.~1'],
    [values.basePath, '/$(touch${IFS}x)', '! must be empty or a path such as /goproxy'],
    [values.basePath, '/a;b', '! must be empty or a path such as /goproxy'],
    [values.basePath, 'go', '! must be empty or a path such as /goproxy'],
    [values.listenAddress, '0.0.0.0:7070', { host: '0.0.0.0', port: 7070 }],
    [values.listenAddress, '[::1]:0', { host: '::1', port: 0 }],
    [values.listenAddress, '[localhost]:1', '! is not host:port (write 127.0.0.1:7070)'],
    [values.listenAddress, '999.1.1.1:7070', '! is not host:port (write 127.0.0.1:7070)'],
    [values.hostText, '[::1]', '::1'],
    [values.hostText, 'fe80::1%eth0', '! must be an address or a name, without a port'],
    [values.listenAddress, 'localhost:70700', '! is not host:port (write 127.0.0.1:7070)'],
    [values.listenAddress, '::1:7070', '! is not host:port (write 127.0.0.1:7070)'],
    [values.patterns, '*.corp.example, b.example/x', '*.corp.example,b.example/x'],
    [values.patterns, 'https://git.corp.example', '! must be patterns as in GOPRIVATE, separated by commas'],
    [values.variableName, 'CORP_TOKEN', 'CORP_TOKEN'],
    [values.variableName, 'CORP-TOKEN', '! must be the name of an environment variable'],
    [values.patterns, '', '! must be patterns as in GOPRIVATE, separated by commas'],
  ];
  for (const [value, text, expected] of table) assert.deepEqual(read(value, text), expected, text);
});

/** Every key of the schema with its section. */
const ALL: [string, Key<unknown>][] = Object.entries({ '': TOP_LEVEL, ...SECTIONS, mirror: MIRROR }).flatMap(
  ([section, keys]) => Object.values<Key<unknown>>(keys).map((key): [string, Key<unknown>] => [section, key]),
);

test('every default of the schema can be read, and every key has words and a name of its own', () => {
  assert.ok(ALL.length > 50);
  for (const [section, key] of ALL) {
    if (key.default !== undefined)
      assert.equal(key.value.schema.safeParse(key.default).success, true, key.name);
    assert.match(key.name, /^[a-z0-9_]+$/, section);
    assert.ok(key.about.length > 5 && !key.about.endsWith('.'), key.name);
  }
  const names = ALL.map(([section, { name }]) => environmentName(keyPath(section, name)));
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.includes('RONDO_CACHE_FRESH_TTL') && names.includes('RONDO_ERRORS_AS_404'));
});

test('no text makes a key throw', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(...ALL), (text, [, key]) => {
      key.value.schema.safeParse(text);
    }),
    { numRuns: 1000 },
  );
});

test('what was read can be written, and is then read as the same', () => {
  const texts: [values.Value<unknown>, fc.Arbitrary<unknown>][] = [
    [values.flag, fc.boolean()],
    [values.duration('0s', '30d'), fc.integer({ min: 0, max: 2_592_000_000 })],
    [values.durationOrWhole, fc.oneof(fc.constant('whole'), fc.integer({ min: 0, max: 3_600_000 }))],
    [values.size('0B', '1TiB'), fc.oneof(fc.integer({ min: 0, max: 2 ** 40 }), fc.constant(64 * 2 ** 20))],
    [values.decimal(0, 1000), fc.integer({ min: 0, max: 1e9 }).map((n) => n / 1e6)],
    [values.decimal(0, 1), fc.constant(0.000_000_1)],
    [values.integer(0, 1e9), fc.integer({ min: 0, max: 1e9 })],
    [values.rate, fc.integer({ min: 1, max: 9_999_999 })],
    [values.hostText, HOSTS],
    [values.listenAddress, fc.record({ host: HOSTS, port: fc.nat(65_535) }, { noNullPrototype: true })],
  ];
  for (const [value, arbitrary] of texts) {
    fc.assert(
      fc.property(arbitrary, (given) => {
        assert.deepEqual(read(value, value.format(given)), given);
      }),
    );
  }
  for (const [, key] of ALL) {
    const text = key.default ?? '';
    if (text !== '' && !text.startsWith('~'))
      assert.equal(key.value.format(read(key.value, text)), writtenAs[text] ?? text, key.name);
    assert.match(key.value.form, /^[a-z]/, key.name);
  }
});

/** Hosts as they are kept. */
const HOSTS = fc
  .oneof(fc.domain(), fc.ipV4(), fc.ipV6())
  .map((text) => values.hostText.schema.safeParse(text).data)
  .filter((host) => host !== undefined);

/** Defaults whose shortest text reads worse. */
const writtenAs: Readonly<Record<string, string>> = {
  '60s': '1m',
  '90s': '1m30s',
  '300s': '5m',
};
