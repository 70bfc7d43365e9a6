import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { assertWorks, nameOf, PROJECT, WORLD } from '../e2e/bench.ts';
import { moduleOf } from '../support/fixture-world.ts';
import { fetchRaw } from '../support/http-client.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempProject } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { sharedBrowser, visit } from './browser.ts';
import { builtCheckout, startRealRondo } from './real-rondo.ts';

const launcher = builtCheckout();
const browser = sharedBrowser();

const TREE = moduleOf(WORLD, 'example.com/tree', 'v1.0.0');

function mirrorRow(page: Page, name: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
}

await testWith(
  ['browser', 'go'],
  'from the first build to a mirror that is killed and comes back, without loading the page again',
  async (context) => {
    const t = reverseCleanup(context);
    const rondo = await startRealRondo(t, await launcher());
    const [killed] = rondo.mirrors;
    assert.ok(killed !== undefined);
    const name = nameOf(killed);
    const { page, complaints } = await visit(t, await browser(), `${rondo.url}/`, { liveClock: true });
    await page.evaluate('window.isFirstLoad = true');
    await page.locator('.pill', { hasText: /^Live$/ }).waitFor();
    await page.getByText(`go env -w GOPROXY=${rondo.url}`).waitFor();

    assertWorks(await rondo.go(await tempProject(t, PROJECT), 'build', './...'));
    await page.locator('.first-start').waitFor({ state: 'detached' });
    await page
      .getByRole('searchbox', { name: 'Search by path or path@version' })
      .fill(`TREE@${TREE.version}`);
    await page.getByText('1 module shown').waitFor();
    const zip = page.locator('#copy tr', { hasText: TREE.zipH1 });
    const kept = (await zip.innerText()).replaceAll(/\s+/g, ' ');
    const mirrors = rondo.mirrors.map((mirror) => nameOf(mirror)).join('|');
    assert.match(kept, new RegExp(`zip ${TREE.zip.length} B .* Checksum database (?:${mirrors}) `));

    process.kill(killed.pid, 'SIGKILL');
    await page.getByRole('heading', { level: 1, name: '1 of 2 mirrors healthy' }).waitFor();
    await mirrorRow(page, name).getByText('Down', { exact: true }).waitFor();
    await page.getByText('Incident log').click();
    const incident = page.locator('.incidents tr', { hasText: name });
    await incident.filter({ hasText: 'connect-refused' }).filter({ hasText: 'ongoing' }).waitFor();
    await page.getByRole('img', { name: new RegExp(`^${name}: 1 incident, `) }).waitFor();

    assert.equal((await fetchRaw(`${rondo.url}/example.com/leaf/@v/list`)).status, 200);

    const revived = await rondo.revive(killed);
    assert.deepEqual([revived.url, revived.pid === killed.pid], [killed.url, false]);
    await mirrorRow(page, name).getByText('On trial', { exact: true }).waitFor();
    let asked = 0;
    await until('a request was its trial', async () => {
      asked += 1;
      await fetchRaw(`${rondo.url}/example.com/none${asked}/@v/list`);
      return mirrorRow(page, name).getByText('Healthy', { exact: true }).isVisible();
    });
    await page.getByRole('heading', { level: 1, name: 'All 2 mirrors healthy' }).waitFor();
    await mirrorRow(page, name).getByText('Healthy', { exact: true }).waitFor();
    await incident.filter({ hasText: 'connect-refused' }).filter({ hasNotText: 'ongoing' }).waitFor();
    assert.equal(await page.evaluate('window.isFirstLoad'), true);
    assert.deepEqual(complaints, []);
  },
);

await testWith(
  ['browser', 'go'],
  'orders from the page: a mirror is drained and doctor says so, the copy purged, the configuration read again',
  async (context) => {
    const t = reverseCleanup(context);
    const rondo = await startRealRondo(t, await launcher());
    const [first] = rondo.mirrors;
    assert.ok(first !== undefined);
    const name = nameOf(first);
    const { page, complaints } = await visit(t, await browser(), `${rondo.url}/`, { liveClock: true });
    assertWorks(await rondo.go(await tempProject(t, PROJECT), 'build', './...'));

    await mirrorRow(page, name).locator('summary').click();
    await page.getByRole('button', { name: `Drain… ${name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drain', exact: true }).click();
    await mirrorRow(page, name).getByText('Drained', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Run checks' }).click();
    await page.getByText(`${name} is drained: no request goes to it`).waitFor();
    await page.getByText(`rondo mirrors drain ${name} --for 0s`).waitFor();
    await page.getByRole('button', { name: `Resume… ${name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click();
    await mirrorRow(page, name).getByText('Healthy', { exact: true }).waitFor();

    const zip = `${rondo.url}/${TREE.path}/@v/${TREE.version}.zip`;
    const fromCopy = { headers: { 'disable-module-fetch': 'true' } };
    assert.equal((await fetchRaw(zip, fromCopy)).status, 200);
    await page.getByRole('searchbox', { name: 'Search by path or path@version' }).fill('tree');
    await page.locator('#copy summary', { hasText: TREE.path }).click();
    await page.getByRole('button', { name: `Purge module… ${TREE.path}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Purge', exact: true }).click();
    await page.getByText('Nothing in the copy matches “tree”.').waitFor();
    assert.equal((await fetchRaw(zip, fromCopy)).status, 404);

    await appendFile(rondo.config, '[cache]\nmax_size = 7GiB\n');
    await page.getByRole('button', { name: 'Reload configuration…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reload', exact: true }).click();
    await page.getByText(/^Configuration reloaded[.:]/).waitFor();
    await page.getByRole('row', { name: /cache\.max_size 7GiB file / }).waitFor();
    assert.deepEqual(complaints, []);
  },
);

await testWith(
  ['browser'],
  'below a base path, with or without the slash; in Chinese to its last sentence',
  async (context) => {
    const t = reverseCleanup(context);
    const rondo = await startRealRondo(t, await launcher(), '[server]\nbase_path = /go/proxy\n');
    assert.match(rondo.url, /\/go\/proxy$/);
    const { page, complaints } = await visit(t, await browser(), rondo.url, {
      locale: 'zh-CN',
      liveClock: true,
    });
    assert.equal(page.url(), `${rondo.url}/`);
    await page.getByRole('heading', { level: 1, name: '全部 2 个镜像正常' }).waitFor();
    await page.getByText(`go env -w GOPROXY=${rondo.url}`).waitFor();
    assert.equal(await page.evaluate('document.querySelector(".brand img").naturalWidth > 0'), true);
    await page.locator('.mirrors summary').first().click();
    const reasons = await page.locator('.mirrors .reasons').first().innerText();
    assert.match(reasons, /应答/);
    assert.doesNotMatch(reasons, /[a-z]{3}/i);
    const origins = await page.locator('#config td:last-child').allInnerTexts();
    assert.ok(origins.length > 50 && origins.includes('默认') && origins.includes('环境变量 GOPROXY'));
    assert.deepEqual(
      origins.filter(
        (origin) => !/^(?:默认|无|(?:文件|选项|环境变量) .*|同 GOPRIVATE|\$GOROOT\/go\.env)$/.test(origin),
      ),
      [],
    );
    assert.deepEqual(complaints, []);
  },
);

await testWith([], 'go is never answered with HTML, whatever it accepts', async (context) => {
  const t = reverseCleanup(context);
  const rondo = await startRealRondo(t, await launcher());
  const accepted = [undefined, '*/*', 'text/html', 'text/html,application/xhtml+xml,*/*;q=0.8'];
  const paths = [
    '/',
    '/index.html',
    '/-/ui/',
    '/-/ui/index.html',
    '/-/api/status',
    '/-/',
    '/nothing',
    '/healthz',
  ];
  for (const agent of ['Go-http-client/1.1', 'Go-http-client/2.0'])
    for (const accept of accepted)
      for (const path of [...paths, '/example.com/none/@v/list', '/?go-get=1']) {
        const headers = { 'user-agent': agent, ...(accept === undefined ? {} : { accept }) };
        const { body, headers: got } = await fetchRaw(`${rondo.url}${path}`, { headers });
        assert.doesNotMatch(String(got['content-type']), /html/, path);
        assert.doesNotMatch(body.toString(), /<!doctype|<html/i, path);
      }
  const browser = { accept: 'text/html', 'user-agent': 'Mozilla/5.0' };
  const page = await fetchRaw(`${rondo.url}/`, { headers: browser });
  assert.match(page.body.toString(), /^<!doctype html>/i);
});
