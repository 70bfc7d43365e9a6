import assert from 'node:assert/strict';
import { testWith } from '../support/requirements.ts';
import { sharedBrowser, visit } from './browser.ts';
import { builtPage } from './built-page.ts';
import { busyScene } from './busy-scene.ts';
import { startMadeUpRondo } from './made-up-rondo.ts';

const pageFolder = builtPage();
const browser = sharedBrowser();

await testWith(
  ['browser'],
  'a part that cannot be had says why, the others stay, and it can be had later',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    rondo.failing.set('history', 500).set('config', 500);
    const { page } = await visit(t, await browser(), rondo.url);
    const levels = page.locator('#levels [role=alert]');
    await levels.getByText('the disk is on fire').waitFor();
    await levels.getByText('Hint: rondo doctor').waitFor();
    await page.locator('#config [role=alert]').getByText('the disk is on fire').waitFor();
    await page.getByText('2 of 4 mirrors healthy').waitFor();
    rondo.failing.clear();
    await levels.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('row', { name: /goproxy\.io 98\.75%/ }).waitFor();
    assert.equal(await levels.count(), 0);
  },
);

await testWith(['browser'], 'an order that fails leaves its question open, and says why', async (t) => {
  const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
  const { page } = await visit(t, await browser(), rondo.url);
  rondo.failing.set('reload', 422);
  await page.getByRole('button', { name: 'Reload configuration…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Reload', exact: true }).click();
  await dialog.getByText('That did not work').waitFor();
  await dialog.getByText('the disk is on fire').waitFor();
  rondo.failing.clear();
  await dialog.getByRole('button', { name: 'Reload', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Configuration reloaded: cache.max_size.').waitFor();
  await page.getByText('Takes effect after a restart: server.listen.').waitFor();
  await page.getByText('tls is off').waitFor();
});

await testWith(
  ['browser'],
  'who may not look is told where the page can be seen, in the language',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    rondo.failing.set('events', 403);
    const { page } = await visit(t, await browser(), rondo.url, { locale: 'zh-CN' });
    await page.getByRole('heading', { level: 1, name: '无法从此处访问' }).waitFor();
    assert.doesNotMatch(await page.locator('.refused').innerText(), /fire|doctor/);
    await page.getByText('EN', { exact: true }).click();
    await page.getByText(/^This dashboard opens only on the machine that runs Rondo\./).waitFor();
    rondo.failing.clear();
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('2 of 4 mirrors healthy').waitFor();
  },
);

await testWith(
  ['browser'],
  'of the configuration what somebody has set, with origins in the language',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    const { page } = await visit(t, await browser(), rondo.url, { locale: 'zh-CN' });
    await page.getByRole('row', { name: 'server.tls false 默认' }).waitFor();
    await page
      .getByRole('row', { name: 'server.listen 127.0.0.1:7070 文件 /etc/rondo/goproxy.ini:2' })
      .waitFor();
    await page
      .getByRole('row', { name: 'server.admin_token 已隐藏 环境变量 RONDO_SERVER_ADMIN_TOKEN' })
      .waitFor();
    await page.getByText('非默认', { exact: true }).click();
    assert.equal(await page.locator('#config tbody tr').count(), 5);
    await page.getByRole('searchbox', { name: '筛选键和值' }).fill('no such key');
    await page.getByText('没有匹配的值。').waitFor();
  },
);

await testWith(['browser'], 'a column of which no mirror has anything is left out', async (t) => {
  const scene = busyScene();
  const mirrors = scene.history.mirrors.map((level) => {
    const { worstLagMs: _, ...rest } = level;
    return { ...rest, incidents: 0, longestIncidentMs: 0 };
  });
  const rondo = await startMadeUpRondo(t, await pageFolder(), {
    ...scene,
    history: { ...scene.history, mirrors, incidents: [] },
  });
  const { page } = await visit(t, await browser(), rondo.url);
  await page.getByText('No incidents in this period.').waitFor();
  assert.deepEqual(await page.locator('#levels thead th').allInnerTexts(), [
    'Mirror',
    'Uptime',
    'p50',
    'p95',
    'Requests',
    'Failed',
    'Incidents',
  ]);
});

await testWith(
  ['browser'],
  'where incidents are left out it is said how many, in both languages',
  async (t) => {
    const scene = busyScene();
    const rondo = await startMadeUpRondo(t, await pageFolder(), {
      ...scene,
      history: { ...scene.history, incidentsLeftOut: 41_000 },
    });
    const english = await visit(t, await browser(), rondo.url);
    await english.page.getByText('Only the newest 3 incidents are drawn;').waitFor();
    await english.page.getByText('Incident log').click();
    await english.page.getByText('The newest 3 are shown. 41,000 older ones: rondo report').waitFor();
    const { page } = await visit(t, await browser(), rondo.url, { locale: 'zh-CN' });
    await page.getByText('图中只画出最近 3 次故障').waitFor();
    await page.getByText('故障记录').click();
    await page.getByText('更早的 41,000 次见 rondo report --json').waitFor();
  },
);

await testWith(['browser'], 'after a restart with a full copy nobody is told that all is new', async (t) => {
  const scene = busyScene();
  const totals = { requests: 0, hits: 0, misses: 0, stale: 0, failed: 0, bytesOut: 0, bytesUpstream: 0 };
  const rondo = await startMadeUpRondo(t, await pageFolder(), {
    ...scene,
    status: { ...scene.status, totals },
  });
  const { page } = await visit(t, await browser(), rondo.url);
  await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor();
  await page.locator('.numbers').getByText('3.1 GiB').waitFor();
  assert.equal(await page.title(), '2 of 4 mirrors healthy · Rondo');
});
