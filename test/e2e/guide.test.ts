import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandSpec } from '../../src/cli/command-spec.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { guideSteps, type GuideStep } from '../support/guide-commands.ts';
import { firstUntrueLine } from '../support/guide-output.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { runPage, type PageRun } from './guide-sandbox.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const GUIDE = join(ROOT, 'docs', 'guide');
const PAGES = readdirSync(GUIDE).filter((name) => name.endsWith('.md'));

/** Where a reader of these pages is, and what they have. */
const PARTS = ['linux', 'go', 'bash', 'curl', 'openssl'] as const;

/** Pages that lead on and have no commands of their own. */
const INDEX = 'README.md';

/** Its reader has no Go yet. */
const BARE = 'bare-machine.md';

function pageText(name: string): string {
  return readFileSync(join(GUIDE, name), 'utf8');
}

/** What went wrong, with the line of the page and what the commands wrote. */
function troubles(name: string, { code, ends }: PageRun): string[] {
  const last = ends.findLast(({ output }) => output !== undefined);
  const stopped = `${name}:${last?.step.line}: ended with ${code}:\n${last?.output}`;
  const untrue = ends.flatMap(({ step, output }) => {
    if (step.kind === 'file' || step.expected === undefined || output === undefined) return [];
    // What a server writes later depends on what is asked of it.
    const shown = step.kind === 'serve' ? `${step.expected}\n…` : step.expected;
    const line = firstUntrueLine(shown, output);
    return line === undefined ? [] : [`${name}:${step.line}: shown is\n${line}\nbut it writes\n${output}`];
  });
  return code === 0 ? untrue : [stopped, ...untrue];
}

for (const name of PAGES.filter((page) => page !== INDEX)) {
  const steps: readonly GuideStep[] = guideSteps(pageText(name));
  await testWith(
    PARTS,
    `docs/guide/${name}: every command works, and writes what is shown`,
    async (context) => {
      assert.ok(
        steps.some(({ kind }) => kind !== 'file'),
        'the page has commands',
      );
      const run = await runPage(reverseCleanup(context), steps, { isBare: name === BARE });
      assert.deepEqual(troubles(name, run), []);
    },
  );
}

await testWith(PARTS, 'a page that lies, and one whose command fails, are found', async (context) => {
  const page = ['```sh', 'echo one', '```', '```text', 'two', '```', '```sh', 'false', 'echo on', '```'];
  const steps = guideSteps([...page, '```sh', 'echo never', '```'].join('\n'));
  const run = await runPage(reverseCleanup(context), steps);
  assert.deepEqual(troubles('page.md', run), [
    'page.md:7: ended with 1:\n',
    'page.md:1: shown is\ntwo\nbut it writes\none\n',
  ]);
  assert.equal(run.ends[2]?.output, undefined);
});

test('the guide has its pages, and its index leads to each', () => {
  const others = PAGES.filter((page) => page !== INDEX);
  assert.ok(others.length >= 4);
  assert.deepEqual(guideSteps(pageText(INDEX)), []);
  for (const page of others) assert.ok(pageText(INDEX).includes(`](${page})`), page);
});

/** Why `words` is no command of Rondo with flags that it has; undefined if it is one. Values are not judged. */
function whyNoCommand(words: readonly string[], commands: readonly CommandSpec[]): string | undefined {
  const [name = '', ...rest] = words;
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return `there is no command ${name}`;
  const { commands: within } = command;
  const isBelow = !('run' in command) || within?.some((each) => each.name === rest[0]) === true;
  if (within !== undefined && isBelow) return rest.length === 0 ? undefined : whyNoCommand(rest, within);
  const end = rest.indexOf('--');
  const flags = (end < 0 ? rest : rest.slice(0, end)).filter((word) => word.startsWith('--'));
  const known = new Set((command.options ?? []).map(({ syntax }) => syntax.split(' ')[0]));
  const unknown = flags.find((flag) => !known.has(flag));
  return unknown === undefined ? undefined : `${name} has no ${unknown}`;
}

test('commands of Rondo in running text are commands of Rondo', () => {
  const pages = [...PAGES.map((page) => `docs/guide/${page}`), 'README.md'];
  const named = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/`rondo ([a-z][^`]*)`/g)].map(([, words = '']) => ({
      page,
      words,
    })),
  );
  assert.ok(named.length > 0);
  for (const { page, words } of named) {
    assert.equal(
      whyNoCommand(
        words.split(/[\s[\]]+/).filter((word) => word !== ''),
        COMMANDS,
      ),
      undefined,
      `${page}: rondo ${words}`,
    );
  }
  assert.equal(whyNoCommand(['serv'], COMMANDS), 'there is no command serv');
  assert.equal(whyNoCommand(['serve', '--prot'], COMMANDS), 'serve has no --prot');
  assert.equal(whyNoCommand(['mirrors', 'drain', 'a', '--watch'], COMMANDS), 'drain has no --watch');
});
