import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../src/kit/clock.ts';
import { startMirror } from '../../test/support/mirror-process.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, RunningSubject } from '../frame/types.ts';
import { openPage } from '../load/open-page.ts';
import { runWrk } from '../load/wrk.ts';
import { emptyLogs, filePath, smallModules, warmUp } from './warm-world.ts';

const MODULES = 20;
const CONNECTIONS = 64;
const PLAIN = 'plain';
const UNWATCHED = 'unwatched';
const WATCHED = 'watched';
const TURN_S = 6;

/** What it costs a request that somebody watches, and that somebody could. */
export const WATCHED_SMALL_FILES: Case = {
  number: 17,
  title: 'case 1 with history, alerts and an open dashboard',
  needs: ['wrk'],
  wants: ['rondo'],
  contestants: {
    [PLAIN]: 'access log and metrics alone',
    [UNWATCHED]: 'and history, alerts; nobody looks',
    [WATCHED]: 'and history, alerts, a dashboard',
  },
  measures: [
    { key: 'cpu', words: 'CPU time a request', unit: 'ms' },
    { key: 'rate', words: 'requests a second', unit: 'requests/s' },
  ],
  // Interleaved pairs, as the performance table asks.
  minRuns: 10,
  goals: [
    {
      measure: 'cpu',
      of: WATCHED,
      reference: { kind: 'ratio', to: PLAIN },
      op: '<=',
      value: 1.05,
      words: 'CPU time a request <= 1.05x of access log and metrics alone',
    },
    {
      measure: 'cpu',
      of: UNWATCHED,
      reference: { kind: 'ratio', to: PLAIN },
      op: '<=',
      value: 1.05,
      words: 'and so where nobody looks',
    },
  ],
  conditions: [
    `wrk, one thread, ${CONNECTIONS} connections, ${TURN_S} s a turn: the .mod and .info of ${MODULES} modules in turn, all in the copies. Three Rondos run side by side, and are loaded in turns.`,
    'All write one JSON line a request to a file and keep their metrics. One keeps no history. The others do, and have a webhook for their alerts. One of these has a client that reads the stream of live data and asks for the history every 30 s, as the dashboard does.',
    'GOSUMDB=off for all: the files are made up.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const modules = await smallModules(MODULES, 1);
  const paths = modules.flatMap((module) => [filePath(module, 'mod'), filePath(module, 'info')]);
  const mirror = await startMirror({ modules }, context.cleanup);
  const webhook = await startReceiver(context);
  const settings = {
    [PLAIN]: { RONDO_TELEMETRY_HISTORY: '0s' },
    [UNWATCHED]: { RONDO_ALERTS_WEBHOOK: webhook },
    [WATCHED]: { RONDO_ALERTS_WEBHOOK: webhook },
  };
  const servers = new Map<string, RunningSubject>();
  for (const contestant of [PLAIN, UNWATCHED, WATCHED] as const) {
    const options = { upstreams: [mirror.url], folder: join(context.folder, contestant) };
    const running = await context
      .subject('rondo')
      ?.start({ ...options, settings: settings[contestant] }, context.cleanup);
    if (running === undefined) return;
    for (const path of paths) await warmUp(running.url, path);
    servers.set(contestant, running);
  }
  const page = await openPage(`${servers.get(WATCHED)?.url}`, systemClock, context.cleanup);
  const turn = async (contestant: string, durationS: number, run?: number): Promise<void> => {
    const running = servers.get(contestant);
    if (running !== undefined) await oneTurn(context, { running, contestant, paths, durationS, run });
    // Else it was not watched.
    page.check();
  };
  for (const contestant of servers.keys()) await turn(contestant, context.quick ? 1 : 3);
  await takeTurns([...servers.keys()], context.runs, context.signal, async (contestant, run) => {
    context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
    await turn(contestant, context.quick ? 1 : TURN_S, run);
  });
}

type Turn = {
  readonly running: RunningSubject;
  readonly contestant: string;
  readonly paths: readonly string[];
  readonly durationS: number;
  /** Undefined where nothing is kept. */
  readonly run: number | undefined;
};

async function oneTurn(context: CaseContext, turn: Turn): Promise<void> {
  const { running, contestant, paths, durationS, run } = turn;
  emptyLogs(running);
  running.resetPeak();
  const before = running.usage();
  const { url } = running;
  const wrk = { wrk: context.tool('wrk'), url, paths, connections: CONNECTIONS, threads: 1 };
  const { requests, errors, seconds } = await runWrk({ ...wrk, durationS, folder: context.folder });
  const after = running.usage();
  if (errors > 0) throw new Error(`${errors} of ${requests} requests failed (${contestant})`);
  if (run === undefined) return;
  context.recordUsage({ contestant, phase: 'load', run }, before, after);
  context.record({ measure: 'rate', contestant, run, value: requests / seconds });
  if (before === undefined || after === undefined) return;
  const value = ((after.cpuSeconds - before.cpuSeconds) * 1000) / requests;
  context.record({ measure: 'cpu', contestant, run, value });
}

/** Takes alerts, if there are any. */
async function startReceiver({ cleanup }: CaseContext): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
