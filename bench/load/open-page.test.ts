import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { happens } from '../../test/support/happens.ts';
import { listen } from '../../test/support/raw-server.ts';
import { reverseCleanup } from '../../test/support/rondo-process.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { openPage, type OpenPage } from './open-page.ts';

type World = {
  readonly page: OpenPage;
  readonly clock: VirtualClock;
  readonly asked: readonly string[];
  readonly streams: readonly ServerResponse[];
};

async function world(context: TestContext, historyStatus = 200): Promise<World> {
  const t = reverseCleanup(context);
  const asked: string[] = [];
  const streams: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const { url = '' } = request;
    if (url === '/-/api/events') {
      streams.push(response);
      response.write('event: status\n');
    } else {
      asked.push(url);
      response.writeHead(historyStatus).end();
    }
  });
  const { url } = await listen(t, server, [], '127.0.0.1', 'http');
  const clock = new VirtualClock();
  const page = await openPage(url.origin, clock, t);
  return { page, clock, asked, streams };
}

function problemOf({ page }: World): string {
  try {
    page.check();
    return '';
  } catch (error) {
    return String(error);
  }
}

test('an open page asks for its history at once and every 30 s', async (t) => {
  const own = await world(t);
  await happens(() => own.asked.length === 2);
  await own.clock.advance(30_000);
  await happens(() => own.asked.length === 4);
  const paths = ['/-/api/history?since=24h&parts=48', '/-/api/history?since=24h&parts=96'];
  assert.deepEqual([...new Set(own.asked)].toSorted(), paths);
  assert.equal(problemOf(own), '');
});

test('a stream that ends, or is cut, and an answer that is an error are a failure', async (t) => {
  const [ended, cut, refused] = [await world(t), await world(t), await world(t, 500)];
  ended.streams[0]?.end();
  cut.streams[0]?.destroy();
  for (const own of [ended, cut, refused]) await happens(() => problemOf(own) !== '');
  assert.match(problemOf(ended), /its stream of live data has ended/);
  assert.match(problemOf(refused), /history\?since=24h.*: 500/);
});
