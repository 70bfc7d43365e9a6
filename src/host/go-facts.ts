import { execFile } from 'node:child_process';
import * as z from 'zod';
import type { GoEnvironment } from './go-env.ts';
import type { Environment } from './user-folders.ts';

/** The settings that are looked at. */
const NAMES = [
  'GO111MODULE',
  'GOFLAGS',
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOINSECURE',
  'GOTOOLCHAIN',
  'GOROOT',
] as const;
const OWN = ['GOVERSION', 'GOOS', 'GOARCH', 'GOPATH', 'GOMODCACHE'] as const;

const PATIENCE_MS = 20_000;
const MAX_BYTES = 1024 * 1024;

/** A value of a setting and where it was set. */
export type SettingOf = {
  readonly value: string;
  readonly from: 'environment' | 'go env -w' | 'GOROOT/go.env' | 'default';
};

/** What the go command says of itself. */
export type GoSays = {
  readonly values: ReadonlyMap<string, SettingOf>;
  /** GOVERSION, GOOS, GOARCH, GOPATH, GOMODCACHE. */
  readonly own: Readonly<Record<(typeof OWN)[number], string>>;
};

/**
 * Asks the go command for its settings. The toolchain that is installed answers: what a go.mod here wants is not fetched.
 * Undefined where it cannot be run; never rejects.
 */
export async function askGo(
  { command, files }: GoEnvironment,
  env: Environment,
  cwd: string,
): Promise<GoSays | undefined> {
  if (command === undefined) return undefined;
  const output = await run(
    command,
    ['env', '-json', ...NAMES, ...OWN],
    { ...env, GOTOOLCHAIN: 'local' },
    cwd,
  );
  const parsed = z.record(z.string(), z.string()).safeParse(parsedJson(output ?? ''));
  if (!parsed.success) return undefined;
  const values = new Map<string, SettingOf>();
  for (const name of NAMES) {
    // It was set for this question alone.
    const value = name === 'GOTOOLCHAIN' ? (env[name] ?? '') : (parsed.data[name] ?? '');
    values.set(name, { value, from: originOf(name, env, files) });
  }
  const own = Object.fromEntries(OWN.map((name) => [name, parsed.data[name] ?? ''])) as GoSays['own'];
  return { values, own };
}

function originOf(name: string, env: Environment, files: GoEnvironment['files']): SettingOf['from'] {
  if (env[name]) return 'environment';
  if (files.user.has(name)) return 'go env -w';
  return files.goroot.has(name) ? 'GOROOT/go.env' : 'default';
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function run(
  command: string,
  args: readonly string[],
  env: Environment,
  cwd: string,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { env, cwd, timeout: PATIENCE_MS, maxBuffer: MAX_BYTES };
    execFile(command, args, options, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}
