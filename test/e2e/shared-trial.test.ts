import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw, type RawAnswer } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { onRequests, rawAnswer, startRawServer } from '../support/raw-server.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const CALLERS = 12;
/** As many as a mirror that comes back may get at a time. */
const SLOTS = 4;
const DOWN = rawAnswer(503, 'down\n');

/** A mirror whose answers the test gives one by one; its probes find it down. */
type HandMirror = {
  readonly origin: string;
  /** From now on requests wait for `answer`; before that they are answered 503. */
  hold(): void;
  /** Of those that wait. */
  waiting(): number;
  /** How many have ever been held. */
  held(): number;
  /** Answers all that wait now. */
  answer(how: 'good' | 'down'): void;
};

async function startHandMirror(t: Cleanup): Promise<HandMirror> {
  const open: { readonly path: string; readonly send: (answer: string) => void }[] = [];
  let holds = false;
  let held = 0;
  const server = await startRawServer(t, (socket) =>
    onRequests(socket, (head) => {
      const path = head.split(' ')[1] ?? '';
      if (!holds || !path.endsWith('.mod') || !path.startsWith('/example.com/')) return socket.write(DOWN);
      held += 1;
      return open.push({ path, send: (answer) => void socket.write(answer) });
    }),
  );
  return {
    origin: server.url.origin,
    hold: () => (holds = true),
    waiting: () => open.length,
    held: () => held,
    answer(how) {
      for (const { path, send } of open.splice(0))
        send(how === 'down' ? DOWN : rawAnswer(200, `module ${path.slice(1).split('/@v/')[0]}\n`));
    },
  };
}

/** Those who were told to come back. */
type Told = RawAnswer[];

/** A Rondo whose only mirror is shut. */
async function bench(
  context: TestContext,
  soft: string,
): Promise<{
  mirror: HandMirror;
  rondo: ServedRondo;
  ask(round: string, told?: Told): Promise<RawAnswer[]>;
}> {
  const t = reverseCleanup(context);
  const mirror = await startHandMirror(t);
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '', gosumdb: 'off' });
  const config = `proxy = ${mirror.origin}\n[timeouts]\nheader_soft = ${soft}\n[hedge]\ntokens = 0\n[early]\nat_once = 0\n`;
  const rondo = await serveRondo(t, { env, config });
  const ask = (round: string, told?: Told): Promise<RawAnswer[]> =>
    Promise.all(
      Array.from({ length: CALLERS }, async (_, n) => {
        const answer = await fetchRaw(`${rondo.url}/example.com/${round}${n}/@v/v1.0.0.mod`);
        if (answer.status === 503) told?.push(answer);
        return answer;
      }),
    );
  const answers = await ask('before');
  for (const { status } of answers) assert.ok(status >= 500, `${status}`);
  return { mirror, rondo, ask };
}

/** Until one request is at the mirror and all the others wait in line for what becomes of it. */
async function allWait(mirror: HandMirror, rondo: ServedRondo): Promise<void> {
  await until('one is the trial, the others wait', async () => {
    const queued = (await rondo.metrics())('rondo_requests_queued');
    return mirror.waiting() === 1 && queued === CALLERS - 1;
  });
}

test('those who come during a trial are told at once when it fails, and are served when it succeeds', async (t) => {
  // Long enough that only the mirror's answers count, however busy this machine is.
  const { mirror, rondo, ask } = await bench(t, '20s');
  mirror.hold();
  const refused = ask('refused');
  await allWait(mirror, rondo);
  mirror.answer('down');
  const told = await refused;
  assert.deepEqual(
    told.map(({ status }) => status).toSorted((a, b) => a - b),
    [502, ...Array.from({ length: CALLERS - 1 }, () => 503)],
  );
  for (const { status, headers } of told)
    assert.ok(status === 502 || Number(headers['retry-after']) >= 1, String(headers['retry-after']));
  assert.equal(mirror.held(), 1, 'nobody else has found out for himself');

  const served = ask('served');
  await allWait(mirror, rondo);
  mirror.answer('good');
  await until('a few are let to it', async () => mirror.waiting() >= SLOTS);
  assert.equal(mirror.waiting(), SLOTS);
  for (let left = CALLERS - 1; left > 0;) {
    await until('the next are let to it', async () => mirror.waiting() > 0);
    left -= mirror.waiting();
    mirror.answer('good');
  }
  assert.deepEqual(new Set((await served).map(({ status }) => status)), new Set([200]));
  assert.equal(mirror.held(), 1 + CALLERS, 'each file was asked for once');
  assert.equal(await rondo.stop(), 0);
});

test('a stop waits for those who wait for a trial no longer than the trial takes', async (t) => {
  const { mirror, rondo, ask } = await bench(t, '2s');
  mirror.hold();
  const told: Told = [];
  const asked = ask('never', told);
  await allWait(mirror, rondo);
  const stopped = rondo.stop();
  // Who was a trial himself still waits for the mirror.
  await until('the others are told', async () => told.length > 0 && told.length + mirror.held() >= CALLERS);
  t.diagnostic(`${told.length} of ${CALLERS} were told, ${mirror.held()} were trials`);
  mirror.answer('down');
  assert.equal(await stopped, 0);
  for (const { status, complete } of await asked) assert.ok(complete && status >= 500, String(status));
});
