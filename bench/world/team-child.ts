/** The program of a team's process: see team.ts. */
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { obeyParent } from './child-program.ts';
import { stepsOf, type Build, type Team, type TeamAnswer } from './team.ts';

const PATIENCE_MS = 120_000;

obeyParent(async ({ baseUrl, builds }: Team): Promise<readonly TeamAnswer[]> => {
  const answers: TeamAnswer[] = [];
  const startedMs = performance.now();
  const now = (): number => performance.now() - startedMs;
  await Promise.all(
    builds.map(async (build) => {
      await sleep(build.startMs);
      await download(baseUrl, build, async (path, ask) => {
        const atMs = now();
        const trouble = await ask();
        const kind = /[^.]*$/.exec(path)?.[0] as TeamAnswer['kind'];
        const answer = { state: build.state, kind, atMs, tookMs: now() - atMs };
        answers.push(trouble === undefined ? answer : { ...answer, trouble });
      });
    }),
  );
  return answers;
});

/** Asks as go does, with connections of its own. */
async function download(
  baseUrl: string,
  { stems }: Build,
  timed: (path: string, ask: () => Promise<string | undefined>) => Promise<void>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  for (const { paths, atATime } of stepsOf(stems)) {
    const queue = paths.values();
    const worker = async (): Promise<void> => {
      for (const path of queue) await timed(path, () => ask(baseUrl + path, agent));
    };
    await Promise.all(Array.from({ length: atATime }, worker));
  }
  agent.destroy();
}

/** What was wrong, if anything. */
function ask(url: string, agent: Agent): Promise<string | undefined> {
  return new Promise((resolve) => {
    const sent = get(url, { agent }, (response) => {
      response.on('error', (error) => resolve(error.message));
      response.on('end', () => {
        clearTimeout(patience);
        if (response.statusCode !== 200) resolve(`status ${response.statusCode}`);
        else resolve(response.complete ? undefined : 'short');
      });
      response.resume();
    });
    const patience = setTimeout(() => sent.destroy(new Error('no answer')), PATIENCE_MS);
    sent.on('error', (error) => {
      clearTimeout(patience);
      resolve(error.message);
    });
  });
}
