/**
 * The rules of this repository, held against the repository itself. Each rule's own test, which feeds it
 * made-up violations, lies beside it. What a rule says is in rules.ts; what breaks it is printed with
 * file, line and what to do.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkDocstrings } from './docstrings.ts';
import { checkEffects } from './effects.ts';
import { type Finding, formatFindings } from './finding.ts';
import { checkGenerated } from './generated.ts';
import { checkImportTable, roomOf } from './import-table.ts';
import { checkLanguage } from './language.ts';
import { checkLengths } from './lengths.ts';
import { checkCommands, checkLinks } from './markdown.ts';
import { checkReachability } from './reachability.ts';
import { checkHosts, registryHosts } from './registry-hosts.ts';
import { readRepositoryFile, repositoryFiles, ROOT } from './repository.ts';
import {
  EFFECTS,
  EMPTY_NAMES,
  ENTRIES,
  GENERATED,
  LIMITS,
  NOT_YET_USED,
  PURE_NAMES,
  ROOMS,
} from './rules.ts';
import { isTest, parseSource } from './source.ts';
import { checkFileNames, checkSyntax } from './spelling.ts';

const files = repositoryFiles();
const texts = files
  .filter((path) => /\.(m?[tj]sx?|json|md|yml|yaml|toml|ini|txt|mod|sum|sh)$|(^|\/)[^/.]+$|rc$/.test(path))
  .map((path) => ({ path, text: readRepositoryFile(path) }));
const sources = texts
  .filter(({ path }) => /^(src|dashboard|test|scripts|bench|bin)\/.*\.(tsx?|mjs)$/.test(path))
  .map(({ path, text }) => parseSource(path, text));
const pages = texts.filter(({ path }) => path.endsWith('.md'));

function assertNone(findings: readonly Finding[]): void {
  if (findings.length > 0) assert.fail(`${findings.length} findings:\n${formatFindings(findings)}`);
}

test('the scan saw the repository', () => {
  const inSrc = sources.filter(({ path }) => path.startsWith('src/'));
  assert.ok(inSrc.length > 100, `${inSrc.length} files in src/`);
  for (const room of Object.keys(ROOMS)) {
    const seen = sources.some(({ path }) => roomOf(path) === room);
    assert.ok(seen, `ROOMS has ${room}, but there is no file of it`);
  }
  assert.ok(pages.length >= 5, `${pages.length} pages`);
  assert.ok(sources.some(({ path }) => isTest(path)));
});

test('programs can be started by their path', () => {
  const hasModes = process.platform !== 'win32';
  for (const program of ['bin/rondo.mjs', '.ci/run'])
    assert.ok(!hasModes || statSync(join(ROOT, program)).mode & 0o100, `chmod +x ${program}`);
});

test('imports keep to the table of rooms', () => {
  const { findings, importsSeen } = checkImportTable(sources, ROOMS);
  assert.ok(importsSeen > 500, `${importsSeen} imports`);
  assertNone(findings);
});

test('effects are only where they may be', () => {
  assertNone(checkEffects(sources, EFFECTS, PURE_NAMES));
});

test('files and functions are short, or say why not', () => {
  assertNone(checkLengths(sources, LIMITS));
});

test('files are named well, and only syntax that strips is used', () => {
  assertNone([...checkFileNames(sources, EMPTY_NAMES), ...checkSyntax(sources)]);
});

test('every file is used', () => {
  assertNone(checkReachability(sources, ENTRIES, NOT_YET_USED));
});

test('every export has a docstring', () => {
  assertNone(checkDocstrings(sources));
});

test('what people read is said in every language', () => {
  const findings = checkLanguage(sources);
  assertNone(findings);
});

test('links and files named in pages exist', () => {
  assertNone(checkLinks(pages, files));
});

test('commands named in pages exist', () => {
  const { scripts } = JSON.parse(readRepositoryFile('package.json')) as { scripts: Record<string, string> };
  assertNone(checkCommands(pages, Object.keys(scripts)));
});

test('generated files are fresh', () => {
  const read = (file: string): string | undefined =>
    files.includes(file) ? readRepositoryFile(file) : undefined;
  const generate = (generator: string): string =>
    execFileSync(process.execPath, [generator], { cwd: ROOT, encoding: 'utf8' });
  assertNone(checkGenerated(GENERATED, read, generate));
});

test('no file names a registry of this machine', () => {
  assertNone(checkHosts(texts, registryHosts()));
});
