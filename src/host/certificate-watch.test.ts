import { render } from '../words/render.ts';
import assert from 'node:assert/strict';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { createAuthority, type Certificate } from '../../test/support/certificates.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { readCertificate, type CertificateFiles } from './certificate.ts';
import { watchCertificate } from './certificate-watch.ts';

const AUTHORITY = createAuthority();
const issue = (untilMs = Date.UTC(2026, 5, 1)): Certificate =>
  AUTHORITY.issue(['localhost'], { fromMs: Date.UTC(2025, 0, 1), untilMs });

/** A watched pair. `heard` are the certificates and problems that were told, in order. */
async function watched(t: TestContext, { events = true } = {}) {
  const folder = await tempFolder(t, 'certificate');
  const files: CertificateFiles = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  const put = async ({ certPem, keyPem }: Partial<Certificate>): Promise<void> => {
    for (const [text, path] of [[certPem, files.certFile] as const, [keyPem, files.keyFile] as const]) {
      if (text === undefined) continue;
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    }
  };
  await put(issue());
  const clock = new VirtualClock();
  const heard: string[] = [];
  let tell: () => void = () => assert.fail('nobody watches');
  const end = watchCertificate({
    files,
    current: await readCertificate(files),
    clock,
    onChange: ({ texts }) => heard.push(texts.cert),
    onProblem: (said) => heard.push(render(said)),
    watchFolder: (watchedFolder, onEvent) => {
      if (!events) throw new Error('no inotify here');
      assert.equal(watchedFolder, folder);
      tell = () => onEvent(null);
      return { close: () => (tell = () => undefined) };
    },
  });
  t.after(end);
  /** Until so many things were told, however long the files take to be read. */
  const hears = async (count: number): Promise<void> => {
    while (heard.length < count) {
      t.signal.throwIfAborted();
      await clock.advance(10);
    }
    assert.equal(heard.length, count);
  };
  /** Until something was found wrong: besides the poll a timer runs for another look. */
  const doubts = async (): Promise<void> => {
    while (clock.pending < 2) {
      t.signal.throwIfAborted();
      await nextRound();
    }
  };
  return { files, put, clock, heard, hears, doubts, tell: () => tell(), end };
}

test('a new pair is told once, after the events have come to rest', async (t) => {
  const { put, clock, heard, hears, tell } = await watched(t);
  const second = issue();
  await put(second);
  tell();
  tell();
  await clock.advance(200);
  await hears(1);
  tell();
  await clock.advance(200);
  const third = issue();
  await put(third);
  tell();
  await hears(2);
  assert.deepEqual(heard, [second.certPem, third.certPem]);
});

test('a pair that is half replaced for a while is nothing to tell', async (t) => {
  const { put, clock, heard, hears, doubts, tell } = await watched(t);
  const second = issue();
  await put({ certPem: second.certPem });
  tell();
  await clock.advance(200);
  await doubts();
  await clock.advance(2000);
  await put({ keyPem: second.keyPem });
  tell();
  await clock.advance(200);
  await hears(1);
  assert.deepEqual(heard, [second.certPem]);
});

test('a broken pair is told once and changes nothing; a good one after it counts', async (t) => {
  const { files, put, clock, heard, hears, tell } = await watched(t);
  const stranger = issue();
  await put({ keyPem: stranger.keyPem });
  tell();
  await hears(1);
  assert.ok(clock.now() >= 3200);
  assert.match(heard[0] ?? '', /^the certificate in use stays: the key in \S+key\.pem does not belong to /);
  await clock.advance(120_000);
  await clock.advance(120_000);
  await hears(1);
  await rm(files.keyFile);
  tell();
  await hears(2);
  assert.match(heard[1] ?? '', /the key \S+key\.pem cannot be read/);
  await put({ certPem: stranger.certPem, keyPem: stranger.keyPem });
  tell();
  await hears(3);
  assert.equal(heard[2], stranger.certPem);
});

test('where no folder can be watched, the files are read every 30 s', async (t) => {
  const { put, clock, heard, hears } = await watched(t, { events: false });
  const second = issue();
  await put(second);
  await clock.advance(30_000);
  await hears(1);
  assert.deepEqual(heard, [second.certPem]);
});

test('a certificate in use that expires is told twice: when it soon will, and when it has', async (t) => {
  const { clock, heard, hears } = await watched(t);
  clock.wallJump(Date.UTC(2026, 4, 20) - clock.wallMs());
  await clock.advance(30_000);
  await hears(1);
  assert.match(heard[0] ?? '', /expires on 2026-06-01/);
  clock.wallJump(Date.UTC(2026, 5, 2) - clock.wallMs());
  await clock.advance(30_000);
  await hears(2);
  assert.match(heard[1] ?? '', /has expired on 2026-06-01/);
});

test('nothing is left once it has ended', async (t) => {
  const { clock, end, tell } = await watched(t);
  tell();
  end();
  assert.equal(clock.pending, 0);
});
