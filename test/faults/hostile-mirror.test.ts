/** Mirrors that answer without end or with more than they may: refused within bounds of memory, bytes and time. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { flood, chunkOf } from '../support/flood.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw, type RawAnswer } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { peakMiB } from '../support/peak-memory.ts';
import { onRequests, rawAnswer, startRawServer } from '../support/raw-server.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { DATABASE, startMirrors } from '../e2e/bench.ts';

const MIB = 1024 * 1024;
/** A Rondo with nothing to do has some 130 MiB. */
const PEAK_MIB = 400;
/** What the kernel's buffers may hold of one answer that nobody reads any more. */
const BUFFERED_BYTES = 16 * MIB;
/** The only mirror there is, is asked again until its gate opens, which its usual failures decide (selection.md: 3 to 10). */
const MAX_ASKED = 10;

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** How a mirror answers, and what becomes of it. */
type Attack = {
  /** Below `/example.com/<attack>/`. */
  readonly file: string;
  answer(socket: Socket): unknown;
  /** What the client is told. */
  readonly says: RegExp;
  /** How much of each answer Rondo may read, beside what is buffered. */
  readonly readBytes?: number;
};

const begins =
  (begin: string, forEver: string): Attack['answer'] =>
  (socket) => {
    socket.write(begin);
    return flood(socket, forEver);
  };

/** Answers that a limit of size ends. */
const LARGE: Readonly<Record<string, Attack>> = {
  'zip-announced': {
    file: '@v/v1.0.0.zip',
    answer: begins(`HTTP/1.1 200 OK\r\nContent-Length: ${500 * MIB + 1}\r\n\r\n`, 'x'.repeat(65_536)),
    says: /larger than 524288000 bytes/,
  },
  'mod-endless': {
    file: '@v/v1.0.0.mod',
    answer: begins(CHUNKED, chunkOf('x'.repeat(65_536))),
    says: /larger than 16777216 bytes/,
    readBytes: 17 * MIB,
  },
  'mod-in-bytes': {
    file: '@v/v1.0.0.info',
    answer: begins(CHUNKED, chunkOf('x').repeat(2000)),
    says: /larger than 65536 bytes/,
  },
  'list-of-a-million': {
    file: '@v/list',
    answer: begins(CHUNKED, chunkOf('v1.0.0\n'.repeat(9000))),
    says: /larger than 1048576 bytes/,
  },
  'list-of-short-lines': {
    file: '@v/list',
    answer: (socket) => socket.write(rawAnswer(200, 'v1\n'.repeat(60_000))),
    says: /not at most 20000 short lines of versions/,
  },
  'list-of-a-long-line': {
    file: '@v/list',
    answer: (socket) => socket.write(rawAnswer(200, `v1.0.0\nv1.0.0-${'a.'.repeat(200)}a\n`)),
    says: /not at most 20000 short lines of versions/,
  },
  'latest-nested': {
    file: '@latest',
    answer: (socket) => socket.write(rawAnswer(200, '['.repeat(60_000))),
    says: /not JSON/,
  },
  'headers-by-the-million': {
    file: '@v/v1.0.0.mod',
    answer: begins('HTTP/1.1 200 OK\r\n', 'a: b\r\n'.repeat(1000)),
    says: /headers too large/,
  },
  'header-endless': {
    file: '@v/v1.0.0.mod',
    answer: begins('HTTP/1.1 200 OK\r\nx: ', 'a'.repeat(65_536)),
    says: /headers too large/,
  },
  'trailers-endless': {
    file: '@v/v1.0.0.mod',
    answer: begins(`${CHUNKED}1\r\nm\r\n0\r\n`, 'a: b\r\n'.repeat(1000)),
    says: /headers too large/,
  },
  'not-found-endless': {
    file: '@v/v1.0.0.mod',
    answer: begins(CHUNKED.replace('200 OK', '404 Not Found'), chunkOf('no '.repeat(20_000))),
    says: /^not found: /,
  },
  'redirect-endless': {
    file: '@v/v1.0.0.mod',
    answer: (socket) => socket.write(rawAnswer(302, '', { location: `/${'a'.repeat(15_000)}` })),
    says: /stopped after 10 redirects/,
  },
  'gzip-unasked': {
    file: '@v/v1.0.0.mod',
    answer: (socket) => socket.write(rawAnswer(200, 'x'.repeat(1000), { 'content-encoding': 'gzip' })),
    says: /encoded although identity was asked for/,
  },
};

/** Answers that only a limit of time ends. */
const SLOW: Readonly<Record<string, Attack>> = {
  'hints-endless': {
    file: '@v/v1.0.0.mod',
    answer: begins('', 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'.repeat(100)),
    says: /no answer within/,
    readBytes: Infinity,
  },
  'extension-endless': {
    file: '@v/v1.0.0.mod',
    answer: begins(`${CHUNKED}1;`, 'a'.repeat(65_536)),
    says: /no byte for|no answer within/,
    readBytes: Infinity,
  },
  'nothing-but-lines': {
    file: '@v/v1.0.0.mod',
    answer: begins('', '\r\n'.repeat(1000)),
    says: /no answer within/,
    readBytes: Infinity,
  },
  'status-endless': {
    file: '@v/v1.0.0.mod',
    answer: begins('HTTP/1.1 200 ', 'a'.repeat(65_536)),
    says: /no answer within/,
    readBytes: Infinity,
  },
};

/**
 * A Rondo with a mirror for each attack, and one that is good, each for modules of its own, or all for those that
 * `match`, and then the good one last.
 */
async function rondoAmong(
  t: Cleanup,
  attacks: Readonly<Record<string, Attack>>,
  config: string,
  match?: string,
) {
  const good = await fixtureModule({ path: 'good.example.com/m', version: 'v1.0.0' });
  const [mirror] = await startMirrors(t, ['good'], { modules: [good] });
  const seen = new Map<string, { asked: number; takenBytes: () => number }>();
  let sections = `[mirror "good"]\nurl = ${mirror.url}\nmatch = good.example.com\ntier = 1\n`;
  for (const [name, { answer }] of Object.entries(attacks)) {
    const server = await startRawServer(t, (socket) =>
      onRequests(socket, (head) => {
        // A health check.
        if (head.includes('/golang.org/x/text/')) return socket.write(rawAnswer(404, ''));
        counts.asked += 1;
        return answer(socket);
      }),
    );
    const takenBytes = (): number =>
      server.sockets.reduce(
        (sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength,
        0,
      );
    const counts = { asked: 0, takenBytes };
    seen.set(name, counts);
    sections += `[mirror "${name}"]\nurl = ${server.url.href}\nmatch = ${match ?? `example.com/${name}`}\n`;
  }
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '' });
  const urls = [...sections.matchAll(/url = (.*)/g)].map(([, url]) => url).join(',');
  const rondo = await serveRondo(t, {
    env,
    config: `proxy = ${urls}\n[verify]\nmode = off\n${config}${sections}`,
  });
  const ask = (path: string): Promise<RawAnswer> => fetchRaw(`${rondo.url}${path}`);
  return { rondo, ask, seen, good };
}

async function endure(t: Cleanup, attacks: Readonly<Record<string, Attack>>, config: string): Promise<void> {
  const { rondo, ask, seen } = await rondoAmong(t, attacks, config);
  await Promise.all(
    Object.entries(attacks).map(async ([name, { file, says, readBytes = MIB }]) => {
      const answer = await ask(`/example.com/${name}/${file}`);
      const text = answer.body.toString();
      assert.ok([404, 502, 504].includes(answer.status), `${name}: ${answer.status}`);
      assert.match(text, says, name);
      const { asked, takenBytes } = seen.get(name) ?? { asked: 0, takenBytes: () => 0 };
      // Each redirect is asked for too.
      const most = name === 'redirect-endless' ? MAX_ASKED * 11 : MAX_ASKED;
      assert.ok(asked > 0 && asked <= most, `${name}: asked ${asked} times`);
      const taken = takenBytes();
      assert.ok(
        taken <= asked * (readBytes + BUFFERED_BYTES),
        `${name}: took ${taken} bytes of ${asked} answers`,
      );
    }),
  );
  const peak = await peakMiB(rondo.pid);
  assert.ok(peak < PEAK_MIB, `${peak} MiB`);
  assert.equal((await ask('/healthz')).status, 200, 'it serves on');
}

await testWith(['linux'], 'an answer that is larger than it may be is refused, and little of it read', (t) =>
  endure(reverseCleanup(t), LARGE, ''),
);

await testWith(['linux'], 'an answer that never gets anywhere is given up, in bounded memory', (t) =>
  endure(
    reverseCleanup(t),
    SLOW,
    '[timeouts]\nheader_soft = 300ms\nheader = 300ms\nbody_idle = 300ms\ndeadline = 2s\n',
  ),
);

await testWith(
  ['linux'],
  'a zip without end is left at 500 MiB, and another mirror has the right one',
  async (context) => {
    const t = reverseCleanup(context);
    const endless: Attack = {
      file: '@v/v1.0.0.zip',
      answer: begins(CHUNKED, chunkOf('x'.repeat(65_536))),
      says: /./,
    };
    // The good mirror is in a lower tier, so that the hostile one is asked first.
    const { rondo, ask, seen, good } = await rondoAmong(
      t,
      { endless },
      '[cache]\nhold = whole\n',
      'good.example.com',
    );
    const answer = await ask(`/${good.path}/@v/v1.0.0.zip`);
    assert.ok(answer.status === 200 && answer.body.equals(good.zip), answer.body.subarray(0, 500).toString());
    const { asked, takenBytes } = seen.get('endless') ?? { asked: 0, takenBytes: () => 0 };
    assert.equal(asked, 1);
    assert.ok(takenBytes() > 400 * MIB && takenBytes() < 520 * MIB, `${takenBytes()} bytes`);
    const peak = await peakMiB(rondo.pid);
    assert.ok(peak < PEAK_MIB, `${peak} MiB`);
  },
);

await testWith(
  ['linux'],
  'what a mirror says of the checksum database is small, or it is refused',
  async (context) => {
    const t = reverseCleanup(context);
    const server = await startRawServer(t, (socket) =>
      onRequests(socket, (head) => {
        if (head.includes('/supported')) return socket.write(rawAnswer(200, ''));
        if (!head.includes('/sumdb/')) return socket.write(rawAnswer(404, ''));
        return begins(CHUNKED, chunkOf('go.sum database tree\n'.repeat(3000)))(socket);
      }),
    );
    const workspace = await goWorkspace(t);
    const env = goEnvironment({ workspace, goproxy: server.url.href, gosumdb: DATABASE.key });
    const rondo = await serveRondo(t, { env });
    const base = `${rondo.url}/sumdb/${DATABASE.name}`;
    assert.equal((await fetchRaw(`${base}/supported`)).status, 200);
    for (const path of ['latest', 'lookup/example.com/m@v1.0.0', 'tile/8/0/000', 'tile/8/data/000']) {
      const answer = await fetchRaw(`${base}/${path}`);
      assert.ok(answer.status >= 500, `${path}: ${answer.status}`);
    }
    const taken = server.sockets.reduce(
      (sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength,
      0,
    );
    assert.ok(
      taken < server.sockets.length * BUFFERED_BYTES,
      `${taken} bytes on ${server.sockets.length} connections`,
    );
    const peak = await peakMiB(rondo.pid);
    assert.ok(peak < PEAK_MIB, `${peak} MiB`);
  },
);
