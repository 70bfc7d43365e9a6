import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEYS, MIRROR } from './keys.ts';
import { configurationPage } from './reference-page.ts';
import { SECTIONS } from './section-keys.ts';

const page = configurationPage();

/** The cells of a key's row, in the table of its section. */
function rowOf(section: string, name: string): string[] | undefined {
  const heading =
    section === '' ? '## Short form' : section === 'mirror' ? '## [mirror "name"]' : `## [${section}]`;
  const part = page.split(/^(?=## )/m).find((each) => each.startsWith(`${heading}\n`));
  const line = part?.split('\n').find((each) => each.startsWith(`| \`${name}\` |`));
  return line
    ?.split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\', ''));
}

test('every key has a row that says what the table of keys says', () => {
  assert.ok(KEYS.size > 50);
  for (const [path, key] of KEYS) {
    const section = path.includes('.') ? path.slice(0, path.indexOf('.')) : '';
    const variable =
      path === 'proxy'
        ? '`GOPROXY_OVERRIDE`, `GOPROXY`'
        : `\`RONDO_${path.replace('.', '_').toUpperCase()}\``;
    const fallback = key.default === '' ? 'empty' : `\`${key.default}\``;
    assert.deepEqual(
      rowOf(section, key.name),
      [
        `\`${key.name}\``,
        key.about,
        key.value.form,
        key.default === undefined ? '' : fallback,
        variable,
        key.flag === undefined ? '' : `\`${key.flag}\``,
        key.untrusted === true ? 'yes' : '',
        key.restart === true ? 'yes' : '',
      ],
      path,
    );
  }
  for (const key of Object.values(MIRROR)) assert.equal(rowOf('mirror', key.name)?.[2], key.value.form);
});

test('every section says in words what it is for', () => {
  for (const section of Object.keys(SECTIONS))
    assert.match(page, new RegExp(`^## \\[${section}\\]\n\n[A-Z].*\\.\n\n\\| key`, 'm'));
});
