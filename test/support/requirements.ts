import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Optional parts of a machine that tests may need. */
export type Part =
  | 'go'
  | 'network'
  | 'old-node'
  | 'wrk'
  | 'linux'
  | 'bash'
  | 'zsh'
  | 'fish'
  | 'curl'
  | 'openssl'
  | 'mount'
  | 'terminal'
  | 'browser'
  | 'root'
  | 'promtool'
  | 'collector';

/** How to find out why a part is not there; undefined when it is. */
const PARTS: Readonly<Record<Part, () => Promise<string | undefined>>> = {
  go: () => whyFails('go', ['version']),
  /** The machine's own upstream, as its own `go` reaches it: one query for one module. */
  network: () =>
    whyFails('go', ['list', '-m', 'golang.org/x/mod@latest'], { GOFLAGS: '-mod=mod', GOWORK: 'off' }),
  /** A node on PATH, outside node_modules, that is too old to run Rondo by itself. */
  'old-node': whyNoOldNode,
  /** The load generator of the bench. */
  wrk: whyNoWrk,
  linux: async () => (process.platform === 'linux' ? undefined : 'this is not Linux'),
  bash: () => whyFails('bash', ['--version']),
  zsh: () => whyFails('zsh', ['--version']),
  fish: () => whyFails('fish', ['--version']),
  curl: () => whyFails('curl', ['--version']),
  openssl: () => whyFails('openssl', ['version']),
  /** A small disk of its own (small-disk.ts): root on Linux, outside of containers that forbid it. */
  mount: whyNoMount,
  /** A pseudo-terminal, by `script` of util-linux (terminal.ts). */
  terminal: () => whyFails('script', ['--version']),
  /** A real browser, of an npm package. */
  browser: whyNoBrowser,
  /** Of Prometheus, which checks metrics and rules; Debian's package `prometheus` has it. */
  promtool: () => whyFails('promtool', ['--version']),
  /** Of OpenTelemetry, which takes traces: otel-collector.yaml says how to build one. */
  collector: () => whyFails('otelcol', ['--help']),
  /** That this process may become another user. */
  root: async () => (process.getuid?.() === 0 ? undefined : 'this is not root'),
};

/** Whether a part is there, and what its absence means. */
export type Requirement =
  | { readonly state: 'present' }
  /** Named in RONDO_REQUIRE: whatever needs it must fail. */
  | { readonly state: 'required'; readonly reason: string }
  /** Not needed here: whatever needs it is left out. */
  | { readonly state: 'left-out'; readonly reason: string };

const known = new Map<Part, Promise<Requirement>>();

/**
 * Whether this machine has `part`. RONDO_REQUIRE is a list of parts by commas (`go,network`): one of those
 * that is missing is a failure, any other is left out. Asked once a process.
 */
export function requirement(part: Part): Promise<Requirement> {
  const found = known.get(part) ?? judge(part);
  known.set(part, found);
  return found;
}

/**
 * Registers a test that needs `parts`; await it. Where one is missing, the test is not registered but left
 * out, with a line in the file that RONDO_LEFT_OUT names (scripts/test.ts prints those); where the missing
 * part is required, the test fails with the reason.
 */
export async function testWith(
  parts: readonly Part[],
  name: string,
  fn: (t: TestContext) => Promise<void> | void,
): Promise<void> {
  const requirements = await Promise.all(parts.map(async (part) => ({ part, ...(await requirement(part)) })));
  const required = requirements.find((each) => each.state === 'required');
  const leftOut = requirements.find((each) => each.state === 'left-out');
  if (required !== undefined) {
    void test(name, () => {
      throw new Error(`RONDO_REQUIRE names ${required.part}: ${required.reason}`);
    });
  } else if (leftOut !== undefined) {
    recordLeftOut(`${leftOut.part}: ${leftOut.reason}: ${name}`);
  } else {
    void test(name, fn);
  }
}

function recordLeftOut(line: string): void {
  const file = process.env['RONDO_LEFT_OUT'];
  if (file !== undefined && file !== '') appendFileSync(file, `${line}\n`);
}

async function judge(part: Part): Promise<Requirement> {
  const reason = await PARTS[part]();
  if (reason === undefined) return { state: 'present' };
  const required = (process.env['RONDO_REQUIRE'] ?? '').split(',').map((name) => name.trim());
  return { state: required.includes(part) ? 'required' : 'left-out', reason };
}

async function whyFails(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  try {
    await run(command, args, { cwd: tmpdir(), timeout: 30_000, env: { ...process.env, ...env } });
    return undefined;
  } catch {
    return `\`${[command, ...args].join(' ')}\` does not work here`;
  }
}

async function whyNoBrowser(): Promise<string | undefined> {
  try {
    // Loaded here: unpacking takes a second, and few tests need it.
    const { chromiumPath } = await import('./chromium.ts');
    return await whyFails(await chromiumPath(), ['--no-sandbox', '--version']);
  } catch (error) {
    return `no Chromium: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function whyNoMount(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-mount-'));
  const reason = await whyFails('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (reason === undefined) await run('umount', [folder]);
  await rmdir(folder);
  return reason === undefined ? undefined : '`mount -t tmpfs` does not work here';
}

async function whyNoWrk(): Promise<string | undefined> {
  // It ends with 1 after it has told its version.
  const error = await run('wrk', ['-v']).catch((reason: NodeJS.ErrnoException) => reason);
  return 'code' in error && error.code === 'ENOENT' ? 'no wrk on PATH' : undefined;
}

async function whyNoOldNode(): Promise<string | undefined> {
  return (await findOldNode()) === undefined ? 'no node older than 24 on PATH' : undefined;
}

/** The folder of the first `node` on PATH, outside node_modules, if that is older than 24. */
export async function findOldNode(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of folders.filter((each) => each !== '' && !each.includes('node_modules'))) {
    const found = await run(join(folder, 'node'), ['--version'], { timeout: 10_000 }).catch(() => undefined);
    if (found === undefined) continue;
    const major = Number(/^v(\d+)\./.exec(found.stdout)?.[1]);
    return major < 24 ? folder : undefined;
  }
  return undefined;
}
