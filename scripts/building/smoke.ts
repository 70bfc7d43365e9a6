import { spawn } from 'node:child_process';
import { cpSync, createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ZipFile } from 'yazl';
import { layOutPackage } from './published-form.ts';

const READY_LIMIT_MS = 20_000;
const RETRY_MS = 100;
const PATH = 'example.com/smoke';
const GO_MOD = `module ${PATH}\n`;

/**
 * Installs the bundle as npm would (package.json, bin, dist, no node_modules), serves one module of a
 * `file://` mirror through it, with the dashboard and the API, and ends it by SIGTERM. The zip shows that the bundled worker starts.
 * Rejects, with what the program printed, if anything is not as it should be.
 */
export async function smokeTest(root: string, outFolder: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rondo-smoke-'));
  try {
    const installed = join(folder, 'package');
    const launcher = layOutPackage(root, installed);
    cpSync(outFolder, join(installed, 'dist'), { recursive: true });
    await makeMirror(join(folder, 'mirror'));
    await serveOnce(folder, launcher);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeMirror(mirror: string): Promise<void> {
  const versions = join(mirror, PATH, '@v');
  mkdirSync(versions, { recursive: true });
  writeFileSync(join(versions, 'list'), 'v1.0.0\n');
  writeFileSync(join(versions, 'v1.0.0.info'), '{"Version":"v1.0.0"}');
  writeFileSync(join(versions, 'v1.0.0.mod'), GO_MOD);
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(GO_MOD), `${PATH}@v1.0.0/go.mod`);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(join(versions, 'v1.0.0.zip')));
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function serveOnce(folder: string, program: string): Promise<void> {
  const port = await freePort();
  const args = ['serve', '--host', '127.0.0.1', '--port', String(port), '--cache-dir', join(folder, 'copy')];
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GOENV: 'off',
    GOSUMDB: 'off',
    GOPROXY: pathToFileURL(join(folder, 'mirror')).href,
  };
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: 'pipe' });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(code));
    child.on('error', () => resolve(null));
  });
  try {
    const base = `http://127.0.0.1:${port}`;
    await untilReady(base, ended);
    expect(await textOf(`${base}/${PATH}/@v/list`), 'v1.0.0\n');
    expect(await textOf(`${base}/${PATH}/@v/v1.0.0.mod`), GO_MOD);
    expect((await textOf(`${base}/${PATH}/@v/v1.0.0.zip`)).slice(0, 2), 'PK');
    expect((await textOf(`${base}/`, { accept: 'text/html' })).slice(0, 15), '<!doctype html>');
    expect(/"version": 1,/.test(await textOf(`${base}/-/api/status`)), true);
    child.kill('SIGTERM');
    expect(await ended, 0);
  } catch (error) {
    throw new Error(`the bundle does not work; it printed:\n${printed}`, { cause: error });
  } finally {
    child.kill('SIGKILL');
  }
}

async function untilReady(base: string, ended: Promise<number | null>): Promise<void> {
  const limit = performance.now() + READY_LIMIT_MS;
  while (performance.now() < limit) {
    const response = await fetch(`${base}/healthz`).catch(() => undefined);
    if (response?.status === 200) return;
    const over = await Promise.race([ended.then(() => true), setTimeout(RETRY_MS, false)]);
    if (over) throw new Error('it ended before it was ready');
  }
  throw new Error(`not ready after ${READY_LIMIT_MS / 1000} s`);
}

async function textOf(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${text}`);
  return text;
}

function expect(actual: unknown, expected: unknown): void {
  if (actual !== expected)
    throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}
