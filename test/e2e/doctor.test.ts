import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { PROBE_FILE } from '../../src/gomod/health-files.ts';
import { startBlackHole } from '../support/black-hole.ts';
import { createAuthority, type Certificate } from '../support/certificates.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { startMeasuredMirror, type MeasuredMirrorScript } from '../support/measured-mirror.ts';
import { rawAnswer, startRawServer, onRequests } from '../support/raw-server.ts';
import { reservePort } from '../support/reserved-port.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { runRondo, stranger } from './rondo-command.ts';

const DAY = 86_400_000;
const AUTHORITY = createAuthority();
const OTHER = createAuthority('Nobody at all');
const SAMPLE = await fixtureModule({
  path: 'golang.org/x/text',
  version: 'v0.3.0',
  files: { 'text.go': 'package text\n', 'noise.bin': Buffer.alloc(400_000, 'x') },
  compress: false,
});
const SAMPLE_PATH = '/golang.org/x/text/@v/v0.3.0.zip';

/** A mirror of the chain: its URL, and the findings that it is to have. */
type Row = { readonly name: string; readonly url: string; readonly ids: readonly string[] };

async function httpsMirror(t: Cleanup, { certPem, keyPem }: Certificate): Promise<string> {
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    if (request.url === PROBE_FILE.path) response.end(PROBE_FILE.text);
    else if (request.url === SAMPLE_PATH) response.end(SAMPLE.zip);
    else response.writeHead(404).end('not found\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function httpMirror(t: Cleanup, script: MeasuredMirrorScript = {}): Promise<string> {
  const files = { [SAMPLE_PATH]: SAMPLE.zip.toString('latin1') };
  return (await startMeasuredMirror(t, { files, ...script })).url.href;
}

/** Sends the sample at 30 KiB a second. */
async function throttledMirror(t: Cleanup): Promise<string> {
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (head) => {
      const path = head.split(' ')[1] ?? '';
      if (path === PROBE_FILE.path) socket.write(rawAnswer(200, PROBE_FILE.text));
      else if (path !== SAMPLE_PATH) socket.write(rawAnswer(404, 'not found\n'));
      else {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${SAMPLE.zip.length}\r\n\r\n`);
        let at = 0;
        const timer = setInterval(() => {
          socket.write(SAMPLE.zip.subarray(at, at + 3000));
          at += 3000;
          if (at >= SAMPLE.zip.length) clearInterval(timer);
        }, 100);
        socket.once('close', () => clearInterval(timer));
      }
    }),
  );
  return server.url.href;
}

async function chain(t: Cleanup): Promise<Row[]> {
  const answering = (
    status: number,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> => httpMirror(t, { probe: rawAnswer(status, body, headers) });
  const hosts = ['127.0.0.1'];
  const nobodys = await reservePort();
  t.after(async () => nobodys.release());
  const rows: [name: string, url: Promise<string> | string, ids: readonly string[]][] = [
    ['well', httpMirror(t, { sync: `{"last_synced_at": ${Math.floor(Date.now() / 1000) - 20}}` }), []],
    ['well-over-TLS', httpsMirror(t, AUTHORITY.issue(hosts)), []],
    ['not-there', answering(404, 'not found: unknown revision\n', { 'content-type': 'text/plain' }), []],
    [
      'expired',
      httpsMirror(t, AUTHORITY.issue(hosts, { untilMs: Date.now() - DAY / 2 })),
      ['mirror.certificate.expired'],
    ],
    [
      'not-yet',
      httpsMirror(t, AUTHORITY.issue(hosts, { fromMs: Date.now() + DAY })),
      ['mirror.certificate.not-yet-valid'],
    ],
    ['other-name', httpsMirror(t, AUTHORITY.issue(['other.example'])), ['mirror.certificate.other-name']],
    ['unknown-root', httpsMirror(t, OTHER.issue(hosts)), ['mirror.certificate.untrusted']],
    ['self-signed', httpsMirror(t, OTHER), ['mirror.certificate.self-signed']],
    ['no-name', 'http://nowhere.invalid', ['mirror.dns']],
    ['refused', `http://127.0.0.1:${nobodys.port}`, ['mirror.connect-refused']],
    ['black-hole', `http://127.0.0.1:${await startBlackHole(t, '127.0.0.1')}`, ['mirror.connect-timeout']],
    [
      'portal',
      answering(200, '<!DOCTYPE html><html><body>Log in</body></html>', { 'content-type': 'text/html' }),
      ['mirror.captive-portal'],
    ],
    ['circle', answering(302, '', { location: PROBE_FILE.path }), ['mirror.bad-redirect']],
    [
      'limited',
      answering(429, 'slow down\n', { 'x-ratelimit-remaining': '0', 'retry-after': '30' }),
      ['mirror.rate-limited'],
    ],
    ['limited-by-503', answering(503, '', { 'x-ratelimit-remaining': '0' }), ['mirror.rate-limited']],
    ['CDN', answering(503, '', { 'x-cache': 'MISS' }), ['mirror.cdn-origin']],
    ['maintenance', answering(503, 'down for maintenance\n'), ['mirror.overload']],
    ['gateway', answering(502, 'bad gateway\n'), ['mirror.back-end-down']],
    [
      'stale',
      httpMirror(t, { sync: `{"last_synced_at": ${Math.floor(Date.now() / 1000) - 600}}` }),
      ['mirror.stale'],
    ],
    ['throttled', throttledMirror(t), ['mirror.throttled']],
    [
      'other-file',
      httpMirror(t, { files: { [SAMPLE_PATH]: SAMPLE.zip.toString('latin1').replace('xxxx', 'yyyy') } }),
      ['mirror.wrong-content'],
    ],
  ];
  return Promise.all(rows.map(async ([name, url, ids]) => ({ name, url: await url, ids })));
}

function configOf(rows: readonly Row[]): string {
  return rows.map(({ name, url }) => `[mirror "${name}"]\nurl = ${url.replace(/\/$/, '')}\n`).join('\n');
}

type Page = { readonly findings: readonly { id: string; what: string; evidence: string[]; fix?: string }[] };

test('each mirror has its own trouble named, and the healthy ones have none', async (context) => {
  const t = reverseCleanup(context);
  const rows = await chain(t);
  const { env, home } = await stranger(t);
  const roots = join(await tempFolder(t), 'roots.pem');
  await writeFile(roots, AUTHORITY.certPem);
  const config = join(home, '.goproxy');
  await writeFile(config, configOf(rows));
  const run = await runRondo(t, ['doctor', '--json', '--config', config], {
    env: {
      ...env,
      SSL_CERT_FILE: roots,
      GOSUMDB: 'sum.golang.org',
      GOPROXY: '',
      RONDO_CACHE_DIR: await tempFolder(t, 'copy'),
    },
    cwd: home,
  });
  assert.equal(run.code, 1, run.stderr);
  const { findings } = JSON.parse(run.stdout) as Page;
  for (const { name, ids } of rows) {
    const own = findings.filter(({ what }) => what.startsWith(`${name}: `));
    assert.deepEqual(
      own.map(({ id }) => id),
      ids,
      `${name}: ${JSON.stringify(own)}`,
    );
    for (const { evidence, fix } of own) assert.ok(evidence.length > 0 && fix !== undefined, name);
  }
});

test('a machine that is well has no finding at all, and one mirror is shown phase by phase', async (context) => {
  const t = reverseCleanup(context);
  const url = await httpMirror(t);
  const { env, home } = await stranger(t);
  const well = {
    ...env,
    GOSUMDB: 'sum.golang.org',
    GOPROXY: url,
    RONDO_CACHE_DIR: await tempFolder(t, 'copy'),
  };
  const cwd = await tempProject(t, {
    'go.mod': 'module example.com/m\n\ngo 1.21\n',
    Makefile: 'all:\n\tgo build ./...\n',
  });
  const all = await runRondo(t, ['doctor'], { env: well, cwd });
  assert.equal(all.code, 0, `${all.stdout}${all.stderr}`);
  assert.match(all.stdout, /\nall is well\n$/);
  const name = new URL(url).host;
  const one = await runRondo(t, ['doctor', name], { env: well, cwd: home });
  assert.equal(one.code, 0, one.stderr);
  assert.match(
    one.stdout,
    new RegExp(
      `^\\* ${name}  ${url}\\n\\*   DNS     its URL has an address\\n\\*   TCP     connected after \\d+ ms\\n<   200 from `,
    ),
  );
  assert.doesNotMatch(one.stdout, /GOPROXY=|GOROOT|^go: /m, 'Go was not asked for');
  assert.match(one.stdout, /\nMIRROR .*\n.* works .*\n\nall is well\n$/);
  const none = await runRondo(t, ['doctor', 'nobody'], { env: well, cwd: home });
  assert.equal(none.code, 2);
  assert.match(none.stderr, /no mirror of the chain is called nobody[^]*hint: one of /);
});

test('--fix takes back what go env -w wrote, once it was agreed to', async (context) => {
  const t = reverseCleanup(context);
  const url = await httpMirror(t);
  const { env, home } = await stranger(t);
  const file = join(home, 'goenv');
  await writeFile(file, 'GOSUMDB=off\n');
  const { GOSUMDB: _off, ...rest } = env;
  const user = { ...rest, GOENV: file, GOPROXY: url, RONDO_CACHE_DIR: await tempFolder(t, 'copy') };
  const asked = await runRondo(t, ['doctor', '--fix'], { env: user, cwd: home });
  assert.equal(asked.code, 1);
  assert.match(asked.stderr, /left as it is: GOSUMDB=off: .* \(--yes mends it\)/);
  const done = await runRondo(t, ['doctor', '--fix', '--yes'], { env: user, cwd: home });
  assert.match(done.stderr, /done: go env -u GOSUMDB/);
  const after = await runRondo(t, ['doctor'], { env: user, cwd: home });
  assert.equal(after.code, 0, after.stdout);
});
