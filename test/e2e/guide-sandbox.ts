import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { copyCheckout } from '../support/checkout-copy.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import type { GuideStep } from '../support/guide-commands.ts';
import { startPublicMirrors, type PublicMirrors } from '../support/public-mirrors.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { PROJECT, WORLD } from './bench.ts';
import { guideToolchains, linkTools, pathOf } from './guide-toolchain.ts';
import { LAUNCHER } from './rondo-command.ts';

/** How one step went. */
export type StepEnd = {
  readonly step: GuideStep;
  /** What it wrote to both streams, with the page's names of things; undefined where it was not reached. */
  readonly output: string | undefined;
};

/** How a page went. */
export type PageRun = {
  /** 0 if every command did; otherwise the last step with an output is the one that failed. */
  readonly code: number;
  readonly ends: readonly StepEnd[];
  /** The hosts that were asked for, as `host:port`. */
  readonly asked: readonly string[];
};

/** A module that only the mirror of the company has. */
const PRIVATE = { path: 'git.corp.example/team/lib', version: 'v1.0.0' };

const PAGE_LIMIT_MS = 150_000;

/** What the reader of a page has. */
export type Reader = {
  /** Nobody has installed anything yet, not even Go. */
  readonly isBare?: boolean;
};

/** What all commands of a page share: the machine of one reader. */
type Sandbox = {
  /** Stands for `/`: the page's /etc, /usr/local, /var and /home are below it. */
  readonly root: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mirrors: PublicMirrors;
  /** Stands for 7070, which may be taken here. */
  readonly port: number;
};

/**
 * Runs the steps of a page one after the other, as its reader would: in one shell, with `rondo` on PATH, a home of
 * their own with `your-project` in it, and the public mirrors played by loopback servers behind HTTPS_PROXY. Three
 * things of a page are put into this machine's words, and back in its output: the port 7070, absolute paths, and
 * `http://proxy.corp.example:3128`.
 */
export async function runPage(
  t: Cleanup,
  steps: readonly GuideStep[],
  reader: Reader = {},
): Promise<PageRun> {
  const sandbox = await createSandbox(t, steps, reader);
  const folder = join(sandbox.root, 'steps');
  await mkdir(folder);
  const parts = await Promise.all(
    steps.map((step, index) => partOf(step, join(folder, `${index}`), sandbox)),
  );
  const driver = join(folder, 'page.sh');
  await writeFile(driver, `${PRELUDE}${parts.join('')}stop_serving\n`);
  const child = spawn('bash', [driver], {
    cwd: sandbox.home,
    env: sandbox.env,
    stdio: 'ignore',
    detached: true,
  });
  const timer = setTimeout(() => endGroup(child.pid), PAGE_LIMIT_MS);
  t.after(() => endLeftovers(folder, steps.length, child.pid));
  await once(child, 'close');
  clearTimeout(timer);
  const outputs = await Promise.all(steps.map((_, index) => readIfThere(join(folder, `${index}.out`))));
  const ends = steps.map((step, index) => ({ step, output: inPageWords(outputs[index], sandbox) }));
  return { code: child.exitCode ?? -1, ends, asked: sandbox.mirrors.asked() };
}

/** `set -m` gives each server a process group, which gets the Ctrl-C. */
const PRELUDE = `set -eEm
serving=
stop_serving() {
  if [ -z "$serving" ]; then return 0; fi
  kill -INT -- "-$serving" 2>/dev/null || true
  while kill -0 -- "-$serving" 2>/dev/null; do sleep 0.05; done
  serving=
}
`;

/** The driver's lines for one step. */
async function partOf(step: GuideStep, base: string, sandbox: Sandbox): Promise<string> {
  const file = `${base}.sh`;
  if (step.kind === 'file') {
    await writeFile(file, inSandboxWords(step.text, sandbox));
    const target = inSandboxWords(step.path, sandbox).replace(/^~/, sandbox.home);
    return `mkdir -p '${dirname(target)}'\ncp '${file}' '${target}'\n`;
  }
  await writeFile(file, inSandboxWords(`${step.script}\n`, sandbox));
  if (step.kind === 'run') {
    const source = `. '${file}'`;
    return `${step.fresh ? `( ${source} )` : source} >'${base}.out' 2>&1 </dev/null\n`;
  }
  return `stop_serving
( . '${file}' ) >'${base}.out' 2>&1 </dev/null &
serving=$!
echo $serving >'${base}.pid'
until grep -q '^go env -w' '${base}.out'; do
  kill -0 $serving
  sleep 0.1
done
`;
}

async function createSandbox(
  t: Cleanup,
  steps: readonly GuideStep[],
  { isBare = false }: Reader,
): Promise<Sandbox> {
  const root = await tempFolder(t, 'guide');
  const home = join(root, 'home', 'you');
  const port = await freePort();
  const world = await worldWithProbe();
  const mirrors = await startPublicMirrors(t, {
    world,
    hosts: {
      'mirrors.aliyun.com': { ...world, basePath: '/goproxy' },
      'goproxy.corp.example': { modules: [await fixtureModule(PRIVATE)] },
    },
    portOf: (place) => (place === `rondo.example:${port}` ? port : undefined),
  });
  const bin = join(root, 'usr', 'local', 'bin');
  await writeFiles(root, {
    'usr/local/bin/rondo': `#!/bin/sh\nexec '${process.execPath}' '${LAUNCHER}' "$@"\n`,
    'etc/ssl/corp.pem': mirrors.authority.certPem,
    ...Object.fromEntries(
      Object.entries(PROJECT).map(([name, text]) => [`home/you/your-project/${name}`, text]),
    ),
  });
  await chmod(join(bin, 'rondo'), 0o755);
  if (isBare) await linkTools(join(root, 'usr', 'bin'), process.env);
  const texts = steps.map((step) => (step.kind === 'file' ? step.text : step.script));
  if (texts.some((text) => text.includes('~/rondo'))) await copyCheckout(join(home, 'rondo'));
  const buildCache = join(tmpdir(), `rondo-test-gocache-${userInfo().username}`);
  await mkdir(buildCache, { recursive: true });
  const namesItsAddress = texts.some((text) => /^listen\s*=/m.test(text));
  const env = {
    PATH: pathOf(
      join(root, 'npm', 'bin'),
      bin,
      dirname(process.execPath),
      isBare ? join(root, 'usr', 'bin') : (process.env['PATH'] ?? ''),
    ),
    SHELL: '/bin/bash',
    HOME: home,
    TERM: 'dumb',
    GOCACHE: buildCache,
    GOTOOLCHAIN: 'local',
    GOSUMDB: world.database.key,
    GOVCS: '*:off',
    CGO_ENABLED: '0',
    HTTP_PROXY: mirrors.proxyUrl,
    HTTPS_PROXY: mirrors.proxyUrl,
    NO_PROXY: '127.0.0.1,localhost',
    SSL_CERT_FILE: join(root, 'etc', 'ssl', 'corp.pem'),
    npm_config_prefix: join(root, 'npm'),
    npm_config_update_notifier: 'false',
    // A page that says where to listen is taken at its word.
    ...(namesItsAddress ? {} : { RONDO_SERVER_LISTEN: `127.0.0.1:${port}` }),
  };
  return { root, home, env, mirrors, port };
}

/** What the mirrors of e2e tests carry, Go itself, and the file of the health checks: public mirrors have both. */
async function worldWithProbe() {
  const modules = [
    ...WORLD.modules,
    ...(await guideToolchains(process.env)),
    await fixtureModule({
      path: 'golang.org/x/text',
      version: 'v0.3.0',
      goMod: 'module golang.org/x/text\n',
    }),
  ];
  return { ...WORLD, modules, database: ChecksumDatabase.over(modules) };
}

function inSandboxWords(text: string, { root, mirrors, port }: Sandbox): string {
  return text
    .replaceAll('7070', String(port))
    .replaceAll(/(?<=^|[\s='":(]|file:\/\/)\/(etc|opt|srv|usr\/local|var|home)(?=[\s/'"]|$)/gm, `${root}/$1`)
    .replaceAll('http://proxy.corp.example:3128', mirrors.proxyUrl);
}

function inPageWords(output: string | undefined, { root, mirrors, port }: Sandbox): string | undefined {
  return output
    ?.replaceAll(mirrors.proxyUrl, 'http://proxy.corp.example:3128')
    .replaceAll(String(port), '7070')
    .replaceAll(root, '');
}

async function writeFiles(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Nothing of a page outlives its test, not even where the page was cut short. */
async function endLeftovers(folder: string, count: number, driver: number | undefined): Promise<void> {
  endGroup(driver);
  for (let index = 0; index < count; index += 1) {
    const pid = Number(await readIfThere(join(folder, `${index}.pid`)));
    if (pid > 1) endGroup(pid);
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
