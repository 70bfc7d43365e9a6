import { chmod, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import { startMeasuredMirror } from '../support/measured-mirror.ts';
import { rawAnswer } from '../support/raw-server.ts';
import { reservePort } from '../support/reserved-port.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { removeTree, type Cleanup } from '../support/temp-folder.ts';
import { startMirror } from '../support/mirror-process.ts';
import { runAtTerminal } from '../support/terminal.ts';
import { recordingOf, type StableWord } from '../support/terminal-text.ts';
import { chainOf, DATABASE, PROJECT, SERVED } from './bench.ts';
import { LAUNCHER } from './rondo-command.ts';

/** A machine for one run: what its user has set, and what varies of it. */
type Machine = {
  readonly env: Readonly<Record<string, string>>;
  readonly words: readonly StableWord[];
  /** Behind `rondo` and its arguments. */
  readonly args?: readonly string[];
};

/** What is recorded. */
export type Session = {
  /** Of its files. */
  readonly name: string;
  /** As it is typed. */
  readonly line: string;
  readonly code: number;
  readonly prepare?: (t: Cleanup, home: string) => Promise<Machine>;
};

/** One recording of a session: for `docs/terminal/<name>.<language>.txt`. */
export type Recording = { readonly file: string; readonly text: string; readonly codes: readonly number[] };

const LOCALES = { en: 'en_GB.UTF-8', zh: 'zh_CN.UTF-8' } as const;
/** As wide as the temporary folder that stands for it. */
const HOME = '/home/gopher';
const TERMINALS = [80, 40].flatMap((columns) => [
  { columns, color: false },
  { columns, color: true },
]);

/** All sessions. */
export const SESSIONS: readonly Session[] = [
  { name: 'rondo', line: 'rondo', code: 0 },
  { name: 'help-sync', line: 'rondo help sync', code: 0 },
  { name: 'usage-error', line: 'rondo serve --prot 7070', code: 2 },
  { name: 'mirrors', line: 'rondo mirrors', code: 0, prepare: twoMirrors },
  { name: 'doctor', line: 'rondo doctor', code: 1, prepare: brokenMirror },
  { name: 'why', line: 'rondo why example.com/m@v1.0.0 --no-direct', code: 4, prepare: movedTag },
  { name: 'sync', line: 'rondo sync', code: 0, prepare: slowMirror },
];

/** Runs a session in both languages at all terminals. */
export async function recordSession(t: Cleanup, session: Session): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const language of ['en', 'zh'] as const) {
    const runs = await Promise.all(
      TERMINALS.map(async (terminal) => ({
        ...terminal,
        ...(await runOnce(t, session, language, terminal)),
      })),
    );
    const parts = runs.map(
      ({ columns, color, text }) =>
        `# ${columns} columns, ${color ? 'with' : 'without'} colour\n$ ${session.line}\n${text}`,
    );
    recordings.push({
      file: `docs/terminal/${session.name}.${language}.txt`,
      text: parts.join('\n'),
      codes: runs.map(({ code }) => code),
    });
  }
  return recordings;
}

async function runOnce(
  context: Cleanup,
  { line, prepare }: Session,
  language: keyof typeof LOCALES,
  { columns, color }: { readonly columns: number; readonly color: boolean },
): Promise<{ code: number; text: string }> {
  const t = reverseCleanup(context);
  // Not below TMPDIR: lines are broken by the width of the paths in them.
  const home = await mkdtemp('/tmp/r');
  t.after(() => removeTree(home));
  const bin = join(home, 'bin');
  await mkdir(bin);
  const machine = await prepare?.(t, home);
  const [, ...args] = line.split(' ');
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    TERM: 'xterm-256color',
    LANG: LOCALES[language],
    GOENV: 'off',
    GOSUMDB: 'off',
    RONDO_VERIFY_DIRECT: 'false',
    ...(color ? {} : { NO_COLOR: '1' }),
    ...machine?.env,
  };
  const { code, output } = await runAtTerminal(
    t,
    [process.execPath, LAUNCHER, ...args, ...(machine?.args ?? [])],
    {
      columns,
      env,
      cwd: home,
    },
  );
  return { code, text: recordingOf(output, [[home, HOME], ...(machine?.words ?? [])]) };
}

/** `127.0.0.1:PORT1` for the first of these addresses. */
function portWords(urls: readonly string[]): StableWord[] {
  return urls.map((url, index) => [`127.0.0.1:${new URL(url).port}`, `127.0.0.1:PORT${index + 1}`]);
}

async function freePort(t: Cleanup): Promise<string> {
  const reserved = await reservePort();
  t.after(async () => reserved.release());
  return `http://127.0.0.1:${reserved.port}`;
}

/** One that works, one that nobody listens at, and no server to ask. */
async function twoMirrors(t: Cleanup): Promise<Machine> {
  const good = (await startMeasuredMirror(t)).url.origin;
  const [dead, server] = [await freePort(t), await freePort(t)];
  return {
    env: { GOPROXY: `${good},${dead}`, RONDO_SERVER_LISTEN: new URL(server).host },
    words: portWords([good, dead, server]),
  };
}

/** A mirror behind a CDN that cannot reach its origin, on a machine without Go. */
async function brokenMirror(t: Cleanup, home: string): Promise<Machine> {
  const broken = await startMeasuredMirror(t, {
    probe: rawAnswer(503, '', { 'X-Cache': 'MISS' }),
  });
  const server = await freePort(t);
  const bin = join(home, 'bin');
  for (const program of ['script', 'stty']) await symlink(join('/usr/bin', program), join(bin, program));
  await writeFile(join(bin, 'git'), '#!/bin/sh\n');
  await chmod(join(bin, 'git'), 0o755);
  return {
    env: { PATH: bin, GOPROXY: broken.url.origin, RONDO_SERVER_LISTEN: new URL(server).host },
    words: portWords([broken.url.origin, server]),
  };
}

/** Three mirrors, of which the second one has other content. */
async function movedTag(t: Cleanup): Promise<Machine> {
  const of = { path: 'example.com/m', version: 'v1.0.0' };
  const well = await fixtureModule(of);
  const moved = await fixtureModule({ ...of, files: { 'm.go': 'package m // moved\n' } });
  const database = ChecksumDatabase.over([well]);
  const mirrors = await Promise.all(
    [well, moved, well].map((module, index) =>
      startMirror({ modules: [module], database, name: `m${index}` }, t),
    ),
  );
  return {
    env: { GOPROXY: chainOf(mirrors), GOSUMDB: database.key },
    words: portWords(mirrors.map(({ url }) => url)),
  };
}

/** So slow that a bar is seen. */
async function slowMirror(t: Cleanup, home: string): Promise<Machine> {
  const mirror = await startMirror({ ...SERVED, name: 'a', delayMs: 200 }, t);
  for (const [name, text] of Object.entries(PROJECT)) await writeFile(join(home, name), text);
  return {
    env: { GOPROXY: mirror.url, GOSUMDB: DATABASE.key },
    words: portWords([mirror.url]),
  };
}
