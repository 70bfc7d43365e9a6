import assert from 'node:assert/strict';
import { tableOf } from '../../src/words/language.ts';
import { render } from '../../src/words/render.ts';
import { standingText } from '../../src/words/standing-text.ts';
import { testWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';
import { launchBrowser, sharedBrowser, visit } from './browser.ts';
import { startMadeUpRondo } from './made-up-rondo.ts';
import { busyScene, kept } from './busy-scene.ts';
import { emptyScene, hostileScene, manyScene } from './scenes.ts';
import { builtPage } from './built-page.ts';

const pageFolder = builtPage();
const browser = sharedBrowser();

await testWith(['browser'], 'what Rondo tells is seen, and nobody else is asked', async (t) => {
  const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
  const { page, complaints } = await visit(t, await browser(), rondo.url);
  await page.getByRole('heading', { level: 1, name: '2 of 4 mirrors healthy' }).waitFor();
  const down = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'mirror.internal.example' }) });
  await down.getByText('Down', { exact: true }).waitFor();
  await down.getByText('3 failures in a row: connection refused (ECONNREFUSED 10.0.4.7:8081)').waitFor();
  await down.getByText('Next change in 26 s').waitFor();
  assert.match(await down.locator('.mirror-figures').innerText(), /Breaker\nOpen\nWeight\n0\n/);
  await page.getByText('k8s.io/api@v0.35.1').waitFor();
  await page.getByRole('progressbar', { name: 'k8s.io/api@v0.35.1' }).waitFor();
  assert.match(await page.locator('.numbers').innerText(), /90\.65%\n24,310 of 26,818 requests/);
  await page.getByRole('row', { name: /goproxy\.io 98\.75%/ }).waitFor();
  await page.getByRole('img', { name: 'mirror.internal.example: 2 incidents, 1 h 28 min down' }).waitFor();
  assert.equal(await page.locator('.lane .watched').count(), 4);
  assert.deepEqual(await page.locator('.lane .out title').allTextContents(), [
    '5 Nov 2026, 03:00, 18 min: 1 failure: 429 Too Many Requests, retry after 900 s',
    '4 Nov 2026, 17:00, 1 h 24 min: 3 failures in a row: no answer within 3 s',
    '5 Nov 2026, 11:56, 4 min: 3 failures in a row: connection refused (ECONNREFUSED 10.0.4.7:8081)',
  ]);
  const chart = page.getByRole('img', { name: /Line chart of p95/ });
  await chart.locator('canvas').waitFor();
  assert.doesNotMatch(await page.locator('.legend').innerText(), /\d ms/);
  await chart.locator('.u-over').hover();
  await page.locator('.legend', { hasText: /proxy\.example\.com \d+ ms/ }).waitFor();
  await page.locator('.latency figcaption', { hasText: '4 Nov 2026, 23:45' }).waitFor();
  assert.deepEqual(complaints, []);
});

await testWith(
  ['browser'],
  'a mirror that changes is shown, and told once to who does not see it',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    const { page } = await visit(t, await browser(), rondo.url, { liveClock: true });
    await page.getByText('2 of 4 mirrors healthy').waitFor();
    const { mirrors } = rondo.scene.mirrors;
    const turn = (standing: object): void =>
      rondo.send('mirrors', {
        offline: false,
        mirrors: mirrors.map((each) => (each.name === 'goproxy.cn' ? { ...each, ...standing } : each)),
      });
    turn({ status: 'UNHEALTHY', up: false });
    await page.getByText('1 of 4 mirrors healthy').waitFor();
    await page
      .locator('[data-announcements]', { hasText: 'goproxy.cn: Down' })
      .waitFor({ state: 'attached' });
    // Nobody asks it at night: its probes are all that is known.
    turn({ status: 'TRIAL', up: true });
    await page.getByText('2 of 4 mirrors healthy').waitFor();
    await page.getByText('On trial', { exact: true }).waitFor();
  },
);

for (const [locale, words] of [
  ['en-GB', /Certificate valid until\n16 Dec 2026, 12:00\n/],
  ['zh-CN', /证书有效期至\n2026年12月16日 12:00\n/],
] as const)
  await testWith(['browser'], `until when a certificate is valid, ${locale}`, async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    const { page } = await visit(t, await browser(), rondo.url, { locale });
    const details = page.locator('.mirror details', { hasText: 'https://proxy.example.com/' });
    await details.locator('summary').click();
    assert.match(await details.locator('.facts').innerText(), words);
    assert.equal(await page.locator('.facts dt', { hasText: /Certificate|证书/ }).count(), 1);
  });

await testWith(['browser'], 'a first start shows the one command, which can be copied', async (t) => {
  const scene = emptyScene();
  const rondo = await startMadeUpRondo(t, await pageFolder(), {
    ...scene,
    status: { ...scene.status, chainEnd: '|direct' },
  });
  const chain = `${new URL(rondo.url).origin}|direct`;
  const { page, context, complaints } = await visit(t, await browser(), rondo.url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByText(`go env -w GOPROXY="${chain}"`, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByText('Copied').waitFor();
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), `go env -w GOPROXY="${chain}"`);
  await page.getByText('The copy is empty. Your first build will fill it.').waitFor();
  await page.getByText('No data for this period yet.').waitFor();
  assert.deepEqual(complaints, []);
});

await testWith(
  ['browser'],
  'on another machine the one command has the name that Rondo has there',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), emptyScene());
    const browser = await launchBrowser(['--host-resolver-rules=MAP rondo.example 127.0.0.1']);
    t.after(() => browser.close());
    const own = `http://rondo.example:${new URL(rondo.url).port}`;
    const { page } = await visit(t, browser, `${own}/`);
    await page.getByText(`go env -w GOPROXY=${own},direct`, { exact: true }).waitFor();
  },
);

await testWith(['browser'], 'texts of others are shown as they are, and never run or linked', async (t) => {
  const rondo = await startMadeUpRondo(t, await pageFolder(), hostileScene());
  const { page, complaints } = await visit(t, await browser(), rondo.url);
  await page.getByRole('button', { name: 'Run checks' }).click();
  await page.locator('.findings').waitFor();
  await page.locator('#copy summary').waitFor();
  for (const summary of await page.locator('summary').all()) await summary.click();
  await page.locator('#copy table').waitFor();
  assert.equal(await page.evaluate('window.pwned'), undefined);
  assert.equal(await page.locator('main img, main script').count(), 0);
  assert.equal(await page.locator('a[href^="javascript" i]').count(), 0);
  assert.ok((await page.getByText('<img src=x').count()) >= 12);
  assert.deepEqual(complaints, []);
});

await testWith(
  ['browser'],
  'a lost Rondo is said, with what was known, and found again; a restart too',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    const { page } = await visit(t, await browser(), rondo.url, { liveClock: true });
    await page.locator('.pill', { hasText: /^Live$/ }).waitFor();
    await rondo.stop();
    await page.getByText(/Reconnecting in \d+ s/).waitFor();
    await page.getByText('Connection lost. You are looking at the last known state.').waitFor();
    await page.getByText('2 of 4 mirrors healthy').waitFor();
    const nowMs = rondo.scene.status.nowMs + 60_000;
    rondo.scene.status = { ...rondo.scene.status, nowMs, startedAtMs: nowMs - 2000 };
    await rondo.start();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.locator('.pill', { hasText: /^Live$/ }).waitFor();
    await page.getByText(/Rondo restarted \d+ s ago/).waitFor();
  },
);

await testWith(
  ['browser'],
  'off loopback the page asks for the token, and keeps it for the tab',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    rondo.token = 'open sesame';
    const { page, complaints } = await visit(t, await browser(), rondo.url);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Token rejected.').waitFor();
    await page.getByLabel('Token').fill('open sesame');
    await page.keyboard.press('Enter');
    await page.getByText('2 of 4 mirrors healthy').waitFor();
    await page.reload();
    await page.getByText('2 of 4 mirrors healthy').waitFor();
    assert.ok(rondo.asked.every((path) => !path.includes('sesame')));
    assert.deepEqual(complaints, []);
  },
);

await testWith(['browser'], 'five hundred mirrors can be found', async (t) => {
  const rondo = await startMadeUpRondo(t, await pageFolder(), manyScene(500));
  const { page } = await visit(t, await browser(), rondo.url);
  await page.getByText('500 of 500 shown').waitFor();
  await page.getByRole('searchbox', { name: 'Filter mirrors' }).fill('mirror-431');
  await page.getByText('1 of 500 shown').waitFor();
  await page.getByRole('heading', { name: 'mirror-431.example' }).waitFor();
});

await testWith(['browser'], 'Chinese by the browser, English by choice, and that is kept', async (t) => {
  const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
  const { page } = await visit(t, await browser(), rondo.url, { locale: 'zh-CN' });
  await page.getByRole('heading', { level: 1, name: '4 个镜像中有 2 个正常' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await page.getByText('EN', { exact: true }).click();
  await page.getByRole('heading', { level: 1, name: '2 of 4 mirrors healthy' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '2 of 4 mirrors healthy' }).waitFor();
});

await testWith(
  ['browser'],
  'a browser whose language Intl does not take is shown all the same',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    // As a Chromium says it that is started with LANG=C.
    const { page, complaints } = await visit(t, await browser(), rondo.url, { locale: 'en-US@posix' });
    assert.deepEqual(await page.evaluate('navigator.languages'), ['en-US@posix']);
    await page.getByRole('heading', { level: 1, name: '2 of 4 mirrors healthy' }).waitFor();
    await page.locator('.latency canvas').waitFor();
    assert.deepEqual(complaints, []);
  },
);

await testWith(['browser'], 'a copy of many modules is shown page by page', async (t) => {
  const scene = busyScene();
  const modules = Array.from({ length: 120 }, (_, index) =>
    kept(`example.com/m${String(index).padStart(3, '0')}`, ['v1.0.0'], 1000),
  );
  const rondo = await startMadeUpRondo(t, await pageFolder(), { ...scene, modules });
  const { page } = await visit(t, await browser(), rondo.url);
  const more = page.getByRole('button', { name: 'Show more' });
  await page.getByText('50 modules shown').waitFor();
  await more.click();
  await page.getByText('100 modules shown').waitFor();
  await more.click();
  await page.getByText('120 modules shown').waitFor();
  await more.waitFor({ state: 'detached' });
  assert.equal(await page.locator('#copy li', { hasText: 'example.com/m119' }).count(), 1);
  assert.ok(rondo.asked.includes('/-/api/modules?search=&limit=50&after=example.com%2Fm099'));
  await page.getByRole('searchbox', { name: 'Search by path or path@version' }).fill('m11');
  await page.getByText('10 modules shown').waitFor();
});

await testWith(
  ['browser'],
  'times are by the clock of Rondo, where the browser has another one',
  async (t) => {
    const scene = busyScene();
    const { nowMs, startedAtMs } = scene.status;
    const aheadMs = 5 * 3_600_000;
    const status = { ...scene.status, nowMs: nowMs + aheadMs, startedAtMs: startedAtMs + aheadMs };
    const rondo = await startMadeUpRondo(t, await pageFolder(), { ...scene, status });
    const { page } = await visit(t, await browser(), rondo.url);
    await page.getByText('Up 2 d 4 h').waitFor();
  },
);

await testWith(['browser'], 'why a mirror is out is said in the language of the page', async (t) => {
  const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
  const { page } = await visit(t, await browser(), rondo.url, { locale: 'zh-CN' });
  const english = '3 failures in a row: connection refused (ECONNREFUSED 10.0.4.7:8081)';
  const why = page.getByText(render(standingText(english), await tableOf('zh')));
  await why.first().waitFor();
  await page.getByText('EN', { exact: true }).click();
  await page.getByText(english).first().waitFor();
  await until('it is said in English wherever it stands', async () => (await why.count()) === 0);
});
