import * as z from 'zod';
import type { GoEnvironment } from './go-env.ts';
import { runBounded, type BoundedOptions } from './run-bounded.ts';
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
 * Undefined where it cannot be run, or `signal` ends it; never rejects.
 */
export async function askGo(
  { command, files }: GoEnvironment,
  asking: Pick<BoundedOptions, 'env' | 'cwd' | 'clock' | 'signal'>,
): Promise<GoSays | undefined> {
  if (command === undefined) return undefined;
  const { env } = asking;
  const run = await runBounded(command, ['env', '-json', ...NAMES, ...OWN], {
    ...asking,
    env: { ...env, GOTOOLCHAIN: 'local' },
    timeoutMs: PATIENCE_MS,
    maxBytes: MAX_BYTES,
  });
  const output = run.kind === 'ended' && run.ok ? run.stdout : '';
  const parsed = z.record(z.string(), z.string()).safeParse(parsedJson(output));
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
