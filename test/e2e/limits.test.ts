import assert from 'node:assert/strict';
import { fetchRaw } from '../support/http-client.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { parseMetrics, reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { until } from '../support/until.ts';
import { tempProject } from '../support/temp-folder.ts';
import { chainOf, DATABASE, PROJECT, startMirrors } from './bench.ts';

await testWith(
  ['go'],
  'a build behind a limit that queues is slower and complete; with nodelay the same limit refuses it',
  async (context) => {
    const t = reverseCleanup(context);
    const mirrors = await startMirrors(t, ['only']);
    const build = async (
      limits: string,
      refused: string,
    ): Promise<{ code: number; stderr: string; limited: number }> => {
      const workspace = await goWorkspace(t);
      const env = goEnvironment({ workspace, goproxy: '', gosumdb: DATABASE.key });
      const config = `proxy = ${chainOf(mirrors)}\n[limits]\nloopback = true\n${limits}`;
      const rondo = await serveRondo(t, { env, config });
      const cwd = await tempProject(t, PROJECT);
      const run = await goCommand(['build', './...'], {
        workspace,
        goproxy: rondo.url,
        gosumdb: DATABASE.key,
        cwd,
      });
      assert.equal((await fetchRaw(`${rondo.url}/healthz`)).status, 200);
      // That page is limited, too.
      let page = '';
      await until('the metrics are given', async () => {
        const answer = await fetchRaw(`${rondo.url}/metrics`);
        page = answer.body.toString();
        return answer.status === 200;
      });
      const limited = parseMetrics(page)('rondo_limited_requests_total', { limit: 'rate', refused });
      await rondo.stop();
      return { code: run.code, stderr: run.stderr, limited };
    };
    const queued = await build('rate = 5/s\nburst = 1000\n', 'false');
    assert.equal(queued.code, 0, queued.stderr);
    assert.ok(queued.limited > 10, `${queued.limited} waited`);
    context.diagnostic(`figures: ${queued.limited} requests of a build waited for their time`);
    const refused = await build('rate = 2/s\nburst = 1\nnodelay = true\nstatus = 429\n', 'true');
    assert.notEqual(refused.code, 0);
    assert.ok(refused.limited > 0);
    assert.match(refused.stderr, /429 Too Many Requests/);
  },
);
