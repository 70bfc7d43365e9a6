import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { promisify } from 'node:util';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createBus } from '../events/bus.ts';
import type { RondoEvent } from '../events/events.ts';
import type { LogLevel } from '../kit/log-level.ts';
import { createRequestLog, type LogSettings } from './request-log.ts';

const REQUEST: Extract<RondoEvent, { type: 'request' }> = {
  type: 'request',
  id: 'r-1',
  method: 'GET',
  path: '/example.org/m/@v/v1.0.0.mod',
  kind: 'mod',
  status: 200,
  cache: 'hit',
  mirror: 'a',
  bytes: 10,
  durationMs: 3.14159,
  aborted: false,
};

const toFile = (path: string, level: LogLevel = 'info'): LogSettings => ({
  destination: { kind: 'file', path },
  level,
});

/** The lines that these events make in a log file. */
async function logged(
  t: Cleanup,
  events: readonly RondoEvent[],
  level: LogLevel = 'info',
): Promise<Record<string, unknown>[]> {
  const path = join(await tempFolder(t, 'log'), 'rondo.log');
  const bus = createBus(assert.ifError);
  const log = createRequestLog(bus.subscribe, toFile(path, level), new VirtualClock(), assert.ifError);
  for (const event of events) bus.emit(event);
  await log.close();
  const text = await readFile(path, 'utf8');
  assert.ok(text === '' || text.endsWith('\n'));
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a request is one line', async (t) => {
  assert.deepEqual(await logged(t, [REQUEST]), [
    {
      level: 'info',
      time: '2026-01-01T00:00:00.000Z',
      id: 'r-1',
      method: 'GET',
      path: '/example.org/m/@v/v1.0.0.mod',
      status: 200,
      cache: 'hit',
      mirror: 'a',
      bytes: 10,
      ms: 3.14,
      msg: 'request',
    },
  ]);
});

test('a request that belongs to a trace is found by its id', async (t) => {
  const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };
  const [line] = await logged(t, [{ ...REQUEST, trace }]);
  assert.deepEqual([line?.['trace'], line?.['id']], [trace.traceId, 'r-1']);
});

test('another level counts for the next line, loaded or not', async (t) => {
  const path = join(await tempFolder(t, 'log'), 'rondo.log');
  const bus = createBus(assert.ifError);
  const log = createRequestLog(bus.subscribe, toFile(path, 'silent'), new VirtualClock(), assert.ifError);
  const tell = (message: string): void => bus.emit({ type: 'notice', level: 'info', message });
  log.show('info');
  tell('first');
  await log.load();
  log.show('warn');
  tell('second');
  log.show('silent');
  bus.emit({ type: 'notice', level: 'error', message: 'third' });
  log.show('debug');
  tell('fourth');
  await log.close();
  const messages = (await readFile(path, 'utf8')).match(/"msg":"\w+"/g);
  assert.deepEqual(messages, ['"msg":"first"', '"msg":"fourth"']);
});

test('what Rondo could not do is a warning; a client that left and a 404 are not', async (t) => {
  const lines = await logged(t, [
    { ...REQUEST, status: 502, error: 'no mirror could answer' },
    { ...REQUEST, status: 200, aborted: true, error: 'the body broke' },
    { ...REQUEST, status: 499, aborted: true },
    { ...REQUEST, status: 404, error: 'no mirror has it' },
  ]);
  assert.deepEqual(
    lines.map(({ level, error, aborted }) => [level, error, aborted]),
    [
      ['warn', 'no mirror could answer', undefined],
      ['warn', 'the body broke', true],
      ['info', undefined, true],
      ['info', 'no mirror has it', undefined],
    ],
  );
});

test('a line says who was tried and what each answered, without secrets', async (t) => {
  const tried = 'a: https://user:pw@a.example says 503 (12 ms); b: 200 (40 ms)';
  const [line] = await logged(t, [{ ...REQUEST, tried }]);
  assert.equal(line?.['tried'], 'a: https://***@a.example says 503 (12 ms); b: 200 (40 ms)');
});

test('gates, integrity and security failures, failed flights and notices are lines; visits are not', async (t) => {
  const outcome = { class: 'ok', cause: 'ok', detail: '200' } as const;
  const lines = await logged(t, [
    { type: 'gate', mirror: 'a', from: 'HEALTHY', to: 'UNHEALTHY', why: '3 probes failed', forMs: 999.7123 },
    { type: 'gate', mirror: 'a', from: 'UNHEALTHY', to: 'HEALTHY', why: 'a probe passed' },
    {
      type: 'integrity',
      module: 'm',
      version: 'v1.0.0',
      kind: 'zip',
      mirror: 'b',
      why: 'h1',
      expected: 'x',
      found: 'y',
      oddities: ['z'],
    },
    {
      type: 'flight',
      key: 'k',
      kind: 'zip',
      ok: false,
      resumed: 0,
      upstreamBytes: 0,
      durationMs: 1,
      error: 'broke',
    },
    { type: 'flight', key: 'k', kind: 'zip', ok: true, resumed: 0, upstreamBytes: 0, durationMs: 1 },
    {
      type: 'visit',
      mirror: 'a',
      kind: 'zip',
      probe: true,
      revisit: false,
      outcome,
      durationMs: 1,
      bytes: 0,
    },
    { type: 'failover', from: 'a', to: 'b', kind: 'zip' },
    { type: 'notice', level: 'error', message: 'the copy is full' },
    { type: 'security', database: 'db', kind: 'fork', message: 'two trees', evidence: 'old:\nnew:\n' },
  ]);
  assert.deepEqual(
    lines.map(({ level, msg }) => [level, msg]),
    [
      ['warn', 'gate'],
      ['info', 'gate'],
      ['error', 'integrity'],
      ['warn', 'flight failed'],
      ['error', 'the copy is full'],
      ['error', 'two trees'],
    ],
  );
  assert.deepEqual([lines[5]?.['database'], lines[5]?.['evidence']], ['db', 'old:\nnew:\n']);
  assert.equal(lines[0]?.['forMs'], 1000);
  const { expected, found, oddities } = lines[2] ?? {};
  assert.deepEqual([expected, found, oddities], ['x', 'y', ['z']]);
});

test('the level says what is left out; visits and failovers are debug, health checks trace', async (t) => {
  const outcome = { class: 'http', cause: 'reset', detail: 'Authorization: Basic c2VjcmV0' } as const;
  const visit = { type: 'visit', mirror: 'a', kind: 'zip', revisit: false, outcome, bytes: 7 } as const;
  const events: readonly RondoEvent[] = [
    { ...visit, probe: true, durationMs: 1.4 },
    { ...visit, probe: false, durationMs: 2.6 },
    { type: 'failover', from: 'a', to: 'b', kind: 'zip' },
    { type: 'race', from: 'a', to: 'b', kind: 'zip', won: true },
    REQUEST,
    { ...REQUEST, status: 502 },
    { type: 'notice', level: 'error', message: 'the copy is full' },
  ];
  const lines = ['probe', 'visit', 'failover', 'race', 'request', 'request', 'the copy is full'];
  const first: Record<LogLevel, number> = { trace: 0, debug: 1, info: 4, warn: 5, error: 6, silent: 7 };
  for (const [level, from] of Object.entries(first) as [LogLevel, number][]) {
    const found = await logged(t, events, level);
    assert.deepEqual(
      found.map(({ msg }) => msg),
      lines.slice(from),
      level,
    );
    assert.doesNotMatch(JSON.stringify(found), /c2VjcmV0/);
    if (level === 'debug') assert.deepEqual([found[0]?.['cause'], found[0]?.['ms']], ['reset', 3]);
  }
});

test('secrets and control characters do not get out', async (t) => {
  const lines = await logged(t, [
    { ...REQUEST, path: '/a\n{"forged":1}\u001b[31m' },
    { type: 'notice', level: 'warn', message: 'cannot reach https://me:hunter2@proxy.example/' },
    { type: 'gate', mirror: 'a', from: 'HEALTHY', to: 'COOLING', why: 'Authorization: Basic c2VjcmV0' },
  ]);
  assert.equal(lines.length, 3, 'a path cannot make a line');
  assert.doesNotMatch(JSON.stringify(lines), /hunter2|c2VjcmV0/);
});

test('that a mirror is down is said once, its trials are debug', async (t) => {
  const gate = { type: 'gate', mirror: 'a', why: 'refused' } as const;
  const events: readonly RondoEvent[] = [
    { ...gate, from: 'HEALTHY', to: 'UNHEALTHY' },
    { ...gate, from: 'UNHEALTHY', to: 'TRIAL' },
    { ...gate, from: 'TRIAL', to: 'UNHEALTHY' },
    { ...gate, from: 'TRIAL', to: 'HEALTHY' },
  ];
  const changes = async (level: 'info' | 'debug'): Promise<unknown[]> =>
    (await logged(t, events, level)).map(({ from, to }) => `${String(from)} ${String(to)}`);
  assert.deepEqual(await changes('info'), ['HEALTHY UNHEALTHY', 'TRIAL HEALTHY']);
  assert.equal((await changes('debug')).length, 4);
});

test('a file that cannot be opened is an error of load', async (t) => {
  const folder = await tempFolder(t, 'log');
  const bus = createBus(assert.ifError);
  const log = createRequestLog(bus.subscribe, toFile(folder), new VirtualClock(), assert.ifError);
  await assert.rejects(log.load(), /EISDIR/);
  bus.emit(REQUEST);
});

// Linux alone has a file that is always full.
if (existsSync('/dev/full'))
  test('a disk that is full silences the log, and says so once', async () => {
    const bus = createBus(assert.ifError);
    const errors: Error[] = [];
    const destination = toFile('/dev/full');
    const log = createRequestLog(bus.subscribe, destination, new VirtualClock(), (error) =>
      errors.push(error),
    );
    await log.load();
    for (let index = 0; index < 200; index += 1) bus.emit(REQUEST);
    while (errors.length === 0) await nextRound();
    for (let index = 0; index < 200; index += 1) bus.emit(REQUEST);
    await log.close();
    assert.deepEqual(
      errors.map(({ message }) => /ENOSPC/.test(message)),
      [true],
    );
  });

test('a log goes on where the file ended', async (t) => {
  const path = join(await tempFolder(t, 'log'), 'rondo.log');
  for (let run = 0; run < 2; run += 1) {
    const bus = createBus(assert.ifError);
    const log = createRequestLog(bus.subscribe, toFile(path), new VirtualClock(), assert.ifError);
    bus.emit(REQUEST);
    await log.close();
  }
  assert.equal((await readFile(path, 'utf8')).trimEnd().split('\n').length, 2);
});

test('lines that wait are written when the process exits', async () => {
  const program = `
    import { createBus } from ${JSON.stringify(new URL('../events/bus.ts', import.meta.url).href)};
    import { systemClock } from ${JSON.stringify(new URL('../kit/clock.ts', import.meta.url).href)};
    import { createRequestLog } from ${JSON.stringify(new URL('request-log.ts', import.meta.url).href)};
    const bus = createBus(() => {});
    const log = createRequestLog(bus.subscribe, { destination: { kind: 'stderr' }, level: 'info' }, systemClock, () => {});
    await log.load();
    for (let i = 0; i < 100; i++) bus.emit({ type: 'notice', level: 'info', message: 'line ' + i });
    process.exit(0);
  `;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    program,
  ]);
  assert.equal(stdout, '');
  // Whatever was being written when the process ended may come after the rest.
  const messages = stderr
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg);
  assert.deepEqual(new Set(messages), new Set(Array.from({ length: 100 }, (_, i) => `line ${i}`)));
  assert.equal(messages.length, 100);
});
