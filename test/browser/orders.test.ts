import assert from 'node:assert/strict';
import { testWith } from '../support/requirements.ts';
import { sharedBrowser, visit } from './browser.ts';
import { builtPage } from './built-page.ts';
import { startMadeUpRondo } from './made-up-rondo.ts';
import { busyScene } from './busy-scene.ts';

const pageFolder = builtPage();
const browser = sharedBrowser();

await testWith(
  ['browser'],
  'a mirror is drained by keyboard alone, and not before it was confirmed',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    const { page, complaints } = await visit(t, await browser(), rondo.url);
    await page.getByText('2 of 4 mirrors healthy').waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to content');
    await page.keyboard.press('Enter');
    for (let press = 0; (await focused(page)) !== 'Details goproxy.cn'; press += 1) {
      assert.ok(press < 30, `no way to the details: ${await focused(page)}`);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Drain… goproxy.cn');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Drain goproxy.cn?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.deepEqual(rondo.orders, []);
    assert.equal(await focused(page), 'Drain… goproxy.cn');
    await page.keyboard.press('Enter');
    await page.getByLabel('Duration').selectOption('8h');
    await page.getByRole('button', { name: 'Drain', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.deepEqual(rondo.orders, [{ path: 'mirrors/goproxy.cn', body: { drain: '8h' } }]);
    assert.deepEqual(complaints, []);
  },
);

await testWith(['browser'], 'a weight is set, and nothing that is none', async (t) => {
  const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
  const { page } = await visit(t, await browser(), rondo.url);
  await page.locator('summary', { hasText: 'Details goproxy.cn' }).click();
  await page.getByRole('button', { name: 'Weight… goproxy.cn' }).click();
  const field = page.getByLabel('Weight, 1 to 1000');
  await field.fill('5000');
  await page.getByRole('button', { name: 'Set weight' }).click();
  assert.deepEqual(rondo.orders, []);
  await field.fill('250');
  await page.getByRole('button', { name: 'Set weight' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(rondo.orders, [{ path: 'mirrors/goproxy.cn', body: { weight: 250 } }]);
});

await testWith(['browser'], 'the copy is searched, looked into and purged', async (t) => {
  const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
  const { page, complaints } = await visit(t, await browser(), rondo.url);
  await page.getByRole('searchbox', { name: 'Search by path or path@version' }).fill('X/Net');
  await page.getByText('1 module shown').waitFor();
  await page.locator('#copy summary').click();
  const row = page.getByRole('row', { name: /zip 1\.5 MiB h1:b7Xe5Yp2RrLd9cAfQ/ }).first();
  assert.match(await row.innerText(), /Checksum database\tproxy\.example\.com\t4 Nov 2026/);
  await page.getByRole('button', { name: 'Purge… golang.org/x/net@v0.46.0' }).click();
  const dialog = page.getByRole('dialog', { name: 'Purge golang.org/x/net@v0.46.0?' });
  await dialog.getByRole('button', { name: 'Purge', exact: true }).click();
  await page.getByText('Purged 3 files (94.2 KiB).').waitFor();
  assert.deepEqual(rondo.orders, [
    { path: 'purge', body: { module: 'golang.org/x/net', version: 'v0.46.0' } },
  ]);
  assert.deepEqual(complaints, []);
});

await testWith(['browser'], 'a version of the copy is found, and shown at once', async (t) => {
  const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
  const { page } = await visit(t, await browser(), rondo.url);
  const field = page.getByRole('searchbox', { name: 'Search by path or path@version' });
  await field.fill('x/net@v0.46');
  await page.getByText('1 module shown').waitFor();
  await page.locator('#copy table').waitFor();
  const versions = page.locator('#copy tbody th .path');
  assert.deepEqual(await versions.allInnerTexts(), ['v0.46.0']);
  await field.fill('@v9');
  await page.getByText('Nothing in the copy matches “@v9”.').waitFor();
});

await testWith(
  ['browser'],
  'doctor finds, with evidence and a command; the configuration has origins',
  async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    const { page } = await visit(t, await browser(), rondo.url);
    await page.getByRole('button', { name: 'Run checks' }).click();
    await page.getByText('2 findings').waitFor();
    await page.getByText('rondo mirrors drain mirror.internal.example').waitFor();
    await page.getByText('its name has one address, 10.0.4.7').waitFor();
    await page.getByText('take it out, unless you mean it').waitFor();
    // Of the two, only the command can be copied.
    assert.equal(await page.locator('.findings').getByRole('button', { name: 'Copy' }).count(), 1);
    await page.getByRole('searchbox', { name: 'Filter keys and values' }).fill('listen');
    await page
      .getByRole('row', { name: 'server.listen 127.0.0.1:7070 file /etc/rondo/goproxy.ini:2' })
      .waitFor();
    assert.deepEqual(rondo.orders, [{ path: 'doctor', body: {} }]);
  },
);

/** The name of what has the focus. */
async function focused(page: { evaluate(code: string): Promise<unknown> }): Promise<string> {
  return String(await page.evaluate('document.activeElement?.textContent?.trim().replace(/\\s+/g, " ")'));
}
