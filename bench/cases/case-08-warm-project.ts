import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, RunningSubject } from '../frame/types.ts';
import { databaseKey } from '../world/mirror-files.ts';
import { startMirrors } from '../world/mirrors.ts';
import { projectWorld } from '../world/project.ts';
import { askedIn } from '../world/traffic.ts';
import { Failures, secondsOfGo } from './go-turn.ts';

const LATENCY_MS = 40;
const ARGS = ['mod', 'download'] as const;
/** What a subject does after its answers, writing and verifying, is over by then. */
const SETTLE_MS = 2000;

/** A real project, warm. */
export const WARM_PROJECT: Case = {
  number: 8,
  title: 'go mod download of the same project out of a warm copy',
  needs: ['go'],
  wants: ['rondo', 'goproxy', 'goproxyio', 'athens', 'nginx'],
  contestants: { file: 'go, file://' },
  measures: [
    { key: 'download', words: 'go mod download', unit: 's' },
    { key: 'upstream-requests', words: 'requests to the mirrors meanwhile', unit: '1' },
  ],
  goals: [
    {
      measure: 'download',
      of: 'rondo',
      reference: { kind: 'ratio', to: 'file' },
      op: '<=',
      value: 1.15,
      words: 'go mod download <= 1.15x GOPROXY=file://',
    },
  ],
  conditions: [
    'The project, the mirrors and the checksum database of case 6. Each subject has served one download of the whole project before; GOMODCACHE is empty in every turn.',
    'GOPROXY=file:// reads the downloads of the world from this disk: what is left is the client’s own work.',
    'nginx sends the very same files from disk: as much as anything over HTTP can do.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const world = await projectWorld(context.tool('go'), context.progress);
  context.note(`The project: ${world.words}.`);
  const mirrors = await startMirrors(
    {
      count: 3,
      content: { kind: 'folder', folder: world.downloads },
      distance: { latencyMs: LATENCY_MS },
    },
    context.cleanup,
  );
  const failures = new Failures(context);
  const warm = new Map<string, RunningSubject>();
  for (const subject of context.subjects(...WARM_PROJECT.wants))
    await failures.attempt(subject.name, async () => {
      context.progress(`warming ${subject.label}`);
      const folder = join(context.folder, subject.name);
      const start = { upstreams: mirrors.urls, folder, gosumdb: databaseKey(), served: world.downloads };
      const running = await subject.start(start, context.cleanup);
      await secondsOfGo(context, { world, args: ARGS, goproxy: running.url });
      warm.set(subject.name, running);
    });
  await sleep(SETTLE_MS);
  const files = pathToFileURL(world.downloads).href;
  await takeTurns(['file', ...warm.keys()], context.runs, context.signal, (contestant, run) =>
    failures.attempt(contestant, async () => {
      context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
      const running = warm.get(contestant);
      running?.resetPeak();
      await mirrors.takeTraffic();
      const before = running?.usage();
      const goproxy = running?.url ?? files;
      const value = await secondsOfGo(context, { world, args: ARGS, goproxy });
      context.record({ measure: 'download', contestant, run, value });
      context.recordUsage({ contestant, phase: 'download', run }, before, running?.usage());
      const asked = askedIn(await mirrors.takeTraffic());
      context.record({ measure: 'upstream-requests', contestant, run, value: asked.length });
    }),
  );
}
