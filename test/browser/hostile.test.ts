import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Browser, Frame, Page } from 'playwright-core';
import type { MirrorsAnswer } from '../../src/api/answers.ts';
import { assertWorks, nameOf, PROJECT } from '../e2e/bench.ts';
import { fetchRaw } from '../support/http-client.ts';
import { testWith } from '../support/requirements.ts';
import { parseMetrics, reverseCleanup, type MetricLines } from '../support/rondo-process.ts';
import { tempProject, type Cleanup } from '../support/temp-folder.ts';
import { launchBrowser } from './browser.ts';
import { attackOn, EMPTY_PAGE, lookIntoTab, startHostileSite } from './hostile-page.ts';
import { builtCheckout, startRealRondo, type RealRondo } from './real-rondo.ts';

const launcher = builtCheckout();
const FROM_COPY = { headers: { 'disable-module-fetch': 'true' } };
const REBOUND = 'rebound.example';
/** Browsers begin to keep pages from this machine by themselves; not all of them do. */
const UNGUARDED = '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests';
/** All that an attack asks, or nearly: were it fewer, the browser would have been tested in Rondo's place. */
const LEAST_REFUSED = 60;

/** A Rondo with a filled copy. */
async function filledRondo(t: Cleanup): Promise<RealRondo> {
  const rondo = await startRealRondo(t, await launcher());
  assertWorks(await rondo.go(await tempProject(t, PROJECT), 'build', './...'));
  return rondo;
}

async function pageOf(t: Cleanup, browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  t.after(() => context.close());
  return context.newPage();
}

async function metrics({ url }: RealRondo): Promise<MetricLines> {
  return parseMetrics((await fetchRaw(`${url}/metrics`)).body.toString());
}

/** How many requests, of modules or Rondo's own, have been answered with 200, this question not counted, and how many refused. */
async function answered(
  rondo: RealRondo,
  refusals: readonly string[],
): Promise<{ ok: number; refused: number }> {
  const lines = await metrics(rondo);
  const count = (status: string): number => lines('rondo_requests_total', { status });
  return { ok: count('200'), refused: refusals.reduce((sum, status) => sum + count(status), 0) };
}

/** Asserts that nothing was answered since `before`, but for that question itself, and that the attack came so far. */
async function assertRefused(
  rondo: RealRondo,
  before: { ok: number; refused: number },
  refusals: readonly string[],
): Promise<void> {
  const after = await answered(rondo, refusals);
  assert.equal(after.ok - before.ok, 1);
  assert.ok(
    after.refused - before.refused >= LEAST_REFUSED,
    `only ${after.refused - before.refused} refused`,
  );
}

async function assertUnchanged(rondo: RealRondo): Promise<void> {
  assert.equal((await metrics(rondo))('rondo_config_reload_total'), 0);
  const told = await fetchRaw(`${rondo.url}/-/api/mirrors`);
  const { mirrors } = JSON.parse(told.body.toString()) as MirrorsAnswer;
  assert.deepEqual(
    mirrors.map(({ name, status }) => [name, status]),
    rondo.mirrors.map((mirror) => [nameOf(mirror), 'HEALTHY']),
  );
  assert.equal((await fetchRaw(`${rondo.url}/example.com/tree/@v/v1.0.0.zip`, FROM_COPY)).status, 200);
}

/** What the frames of a page show of Rondo. */
async function shownOf(frames: readonly Frame[]): Promise<string[]> {
  const texts = await Promise.all(frames.map((frame) => frame.content().catch(() => '')));
  return texts.filter((text) => /GOPROXY|rondo_requests|"mirrors"|id="page"/.test(text));
}

/** Attacks a Rondo, under the address that is made of its own, out of a page at another port of `host`: refused with these statuses. */
async function assertSafe(
  context: TestContext,
  host: string,
  addressOf: (own: string) => string,
  refusals: readonly string[],
): Promise<void> {
  const t = reverseCleanup(context);
  const rondo = await filledRondo(t);
  const port = await startHostileSite(t);
  const browser = await launchBrowser([UNGUARDED]);
  t.after(() => browser.close());
  const page = await pageOf(t, browser);
  await page.goto(`http://${host}:${port}/`);
  const address = addressOf(rondo.url);
  const before = await answered(rondo, refusals);
  const [mirror] = rondo.mirrors.map((each) => nameOf(each));
  assert.deepEqual(await page.evaluate(attackOn(address, mirror ?? '')), []);
  assert.deepEqual(await shownOf(page.frames()), []);
  await assertRefused(rondo, before, refusals);
  assert.match(String(await page.evaluate(lookIntoTab(address))), /^(?:nothing|0)$/);
  await assertUnchanged(rondo);
}

for (const host of ['127.0.0.1', 'localhost'])
  await testWith(
    ['browser', 'go'],
    `a page at another port of ${host} reads nothing of Rondo, and changes nothing`,
    (t) => assertSafe(t, host, (own) => own, ['403']),
  );

for (const host of ['0.0.0.0', '[::ffff:127.0.0.1]'])
  await testWith(
    ['browser', 'go'],
    `a page that asks by ${host}, where the browser does not say who asks, reads nothing of Rondo, and changes nothing`,
    (t) => assertSafe(t, '127.0.0.1', (own) => `http://${host}:${new URL(own).port}`, ['403', '421']),
  );

await testWith(
  ['browser', 'go'],
  'a page whose name has come to mean this machine reads nothing of Rondo, and changes nothing',
  async (context) => {
    const t = reverseCleanup(context);
    const rondo = await filledRondo(t);
    const browser = await launchBrowser([UNGUARDED, `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`]);
    t.after(() => browser.close());
    const page = await pageOf(t, browser);
    const own = `http://${REBOUND}:${new URL(rondo.url).port}`;
    assert.equal((await page.goto(`${own}/`))?.status(), 421);
    // As it was served before its name came to mean this machine.
    const fulfil = { contentType: 'text/html', body: EMPTY_PAGE };
    await page.route(`${own}/evil`, (route) => route.fulfill(fulfil));
    await page.goto(`${own}/evil`);
    const before = await answered(rondo, ['421']);
    const [mirror] = rondo.mirrors.map((each) => nameOf(each));
    const read = (await page.evaluate(attackOn(own, mirror ?? ''))) as string[];
    // It is of the same origin, and may read that it is refused.
    const refused = /Host must be 127\.0\.0\.1/;
    assert.ok(read.length > 0);
    assert.deepEqual(
      read.filter((each) => !refused.test(each)),
      [],
    );
    await assertRefused(rondo, before, ['421']);
    await assertUnchanged(rondo);
  },
);
