import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where a program may be. */
export type Program = {
  /** Names its path; goes before PATH. */
  readonly variable: string;
  /** Names on PATH. */
  readonly names: readonly string[];
  /** Folders besides PATH, e.g. where a distribution puts daemons. */
  readonly folders?: readonly string[];
  /** Where it comes from: `the Debian package wrk`. */
  readonly from: string;
};

/** The path of a program, or one sentence on what was looked for. */
export type ProgramSearch = { readonly path: string } | { readonly missing: string };

/** Looks for a program. A variable that names none is not made up for by PATH: the user meant that one. */
export function findProgram(
  program: Program,
  env: Readonly<Record<string, string | undefined>>,
): ProgramSearch {
  const named = env[program.variable];
  const words = program.names.join(' or ');
  if (named !== undefined && named !== '') {
    const path = resolve(named);
    return isExecutable(path) ? { path } : { missing: `${program.variable} names no program` };
  }
  const folders = [...(env['PATH'] ?? '').split(delimiter), ...(program.folders ?? [])];
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  const places = program.names.flatMap((name) =>
    folders.filter(Boolean).flatMap((folder) => endings.map((ending) => join(folder, name + ending))),
  );
  const path = places.find(isExecutable);
  if (path !== undefined) return { path: resolve(path) };
  return { missing: `no ${words} on PATH and ${program.variable} is not set; it comes with ${program.from}` };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The version of a program written in Go, from its build record; `unknown` without a `go` that reads it. */
export async function goVersionOf(path: string): Promise<string> {
  const text = await outputOf('go', ['version', '-m', path]);
  return /^\tmod\t\S+\t(\S+)/m.exec(text)?.[1] ?? 'unknown';
}

/** What a program prints, both streams; nothing where it does not run. */
export async function outputOf(path: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(path, args, { timeout: 20_000 }).catch(() => ({
    stdout: '',
    stderr: '',
  }));
  return stdout + stderr;
}
