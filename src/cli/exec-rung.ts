import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import { findExecutable } from '../host/find-executable.ts';
import { runQuietly } from '../host/run-quietly.ts';
import { shellWord } from '../kit/shell-word.ts';
import { openUpkeep } from '../open-upkeep.ts';
import { lackingFiles } from '../upkeep/fill-copy.ts';
import { neededFiles } from '../upkeep/needs.ts';
import { many, say, type Text } from '../words/text.ts';
import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';
import { readWorkSetting } from './go-work.ts';
import { projectFile, readProjects } from './project-files.ts';
import { sameOptions } from './same-options.ts';
import { VERSION } from './version.ts';

/** Commands of go that take `-mod=vendor`. */
const BUILDS: ReadonlySet<string> = new Set(['build', 'install', 'list', 'run', 'test', 'vet']);

/** CMD has ended, and somebody waits for its exit code. */
const LIMIT_MS = 30_000;

/**
 * What would work now, after CMD has failed because nothing upstream answered (spec cli.md, "Errors"): the vendor
 * folder if go takes it, else the copy alone if it has all that go.sum names, else what to do when the network is
 * back. Never rejects: whatever cannot be looked at, or not in half a minute, is no help either.
 */
export async function workingRung(
  words: readonly string[],
  config: Config,
  flags: Flags,
  context: CliContext,
): Promise<Text> {
  const over = new AbortController();
  const timer = context.clock.after(LIMIT_MS, () => over.abort());
  try {
    return await rungOf(words, config, flags, { context, signal: over.signal });
  } finally {
    timer.cancel();
  }
}

type Looking = { readonly context: CliContext; readonly signal: AbortSignal };

async function rungOf(
  words: readonly string[],
  config: Config,
  flags: Flags,
  { context, signal }: Looking,
): Promise<Text> {
  const vendored = withVendor(words);
  if (vendored !== undefined && (await unlessAborted(goTakesVendor(context, signal), signal)) === true) {
    return say('nothing upstream answered, and go takes the vendor folder as it is: {command}', {
      command: lineOf(vendored),
    });
  }
  const options = sameOptions(flags);
  const lacking = await unlessAborted(lackingOf(words, config, { context, signal }), signal);
  if (lacking === 0) {
    return say('nothing upstream answered, and the copy has all that go.sum names: {command}', {
      command: `rondo exec --offline${options} -- ${lineOf(words)}`,
    });
  }
  const doctor = `rondo doctor${options}`;
  if (lacking === undefined)
    return say('nothing upstream answered; to see what is wrong: {doctor}', { doctor });
  return many(
    lacking,
    'nothing upstream answered, and the copy lacks {count} file of go.sum; when the network is back: {sync}; to see what is wrong: {doctor}',
    'nothing upstream answered, and the copy lacks {count} files of go.sum; when the network is back: {sync}; to see what is wrong: {doctor}',
    { sync: `rondo sync${options}`, doctor },
  );
}

/** What comes of it; undefined where that fails, or `signal` aborts first. Never rejects. */
function unlessAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const over = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([task.catch(() => undefined), over]);
}

function lineOf(words: readonly string[]): string {
  return words.map((word) => shellWord(word)).join(' ');
}

/** The command as it builds from the vendor folder; undefined for one of which that is not known. */
function withVendor([name = '', verb = '', ...rest]: readonly string[]): readonly string[] | undefined {
  if (!/(^|[\\/])go(\.exe)?$/.test(name) || !BUILDS.has(verb)) return undefined;
  return [name, verb, '-mod=vendor', ...rest.filter((word) => !/^--?mod=/.test(word))];
}

/** go itself says so: it compares the folder with go.mod, and finds every package that is imported. */
async function goTakesVendor(context: CliContext, signal: AbortSignal): Promise<boolean> {
  const { platform, env, cwd } = context;
  const go = await findExecutable('go', platform, env, cwd);
  if (go.kind !== 'found' || !(await hasVendor(context))) return false;
  const alone = { ...env, GOPROXY: 'off' };
  return runQuietly(go.path, ['list', '-mod=vendor', '-deps', './...'], { env: alone, cwd, signal }).then(
    () => true,
    () => false,
  );
}

/** Where go looks for it: beside the go.mod, or the go.work, that counts. */
async function hasVendor(context: CliContext): Promise<boolean> {
  const file = await projectFile(context.cwd, await readWorkSetting(context));
  if (file === undefined) return false;
  const modulesTxt = join(dirname(file), 'vendor', 'modules.txt');
  return (await stat(modulesTxt).catch(() => undefined)) !== undefined;
}

/** How many files of go.sum the copy lacks; undefined where no go.sum is. A build needs no `.info`, go mod download does. */
async function lackingOf(
  words: readonly string[],
  config: Config,
  { context, signal }: Looking,
): Promise<number | undefined> {
  const [project] = await readProjects([], context.cwd, await readWorkSetting(context));
  const goSums = project?.goSums.map(({ goSum }) => goSum.entries) ?? [];
  if (goSums.length === 0) return undefined;
  const builds = withVendor(words) !== undefined;
  const needed = neededFiles({ goSums, requires: [] }).filter(({ h1 }) => !builds || h1 !== undefined);
  const { clock, platform } = context;
  const asking = { config, version: VERSION, platform, clock, random: Math.random };
  const how = { offline: true, makesCopy: false, onSinkError: () => undefined };
  const upkeep = await openUpkeep({ ...asking, ...how }, () => undefined);
  try {
    const work = { ...upkeep.work, signal, onProgress: () => undefined };
    return (await lackingFiles(needed, work)).length;
  } finally {
    await upkeep.close();
  }
}
