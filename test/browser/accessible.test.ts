import assert from 'node:assert/strict';
import { testWith } from '../support/requirements.ts';
import { axeFindings, sharedBrowser, visit } from './browser.ts';
import { builtPage } from './built-page.ts';
import { startMadeUpRondo } from './made-up-rondo.ts';
import { busyScene } from './busy-scene.ts';
import { emptyScene } from './scenes.ts';

const pageFolder = builtPage();
const browser = sharedBrowser();

for (const colorScheme of ['light', 'dark'] as const)
  for (const locale of ['en-GB', 'zh-CN'] as const)
    await testWith(['browser'], `axe-core finds nothing, ${colorScheme}, ${locale}`, async (t) => {
      const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
      const { page } = await visit(t, await browser(), rondo.url, { colorScheme, locale });
      await page.locator('.latency canvas').waitFor();
      assert.deepEqual(await axeFindings(page), [], 'as it opens');
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.locator('#copy table').first().waitFor();
      await page.locator('#doctor button').first().click();
      await page.locator('.findings').waitFor();
      assert.deepEqual(await axeFindings(page), [], 'with all unfolded');
      await page.locator('.mirror .tools button').first().click();
      await page.locator('dialog[open]').waitFor();
      assert.deepEqual(await axeFindings(page), [], 'with a dialog');
    });

for (const colorScheme of ['light', 'dark'] as const)
  await testWith(
    ['browser'],
    `axe-core finds nothing on a phone, at a first start, at the token, ${colorScheme}`,
    async (t) => {
      const rondo = await startMadeUpRondo(t, await pageFolder(), emptyScene());
      const viewport = { width: 390, height: 844 };
      const { page } = await visit(t, await browser(), rondo.url, { colorScheme, viewport });
      await page.locator('.first-start').waitFor();
      assert.deepEqual(await axeFindings(page), [], 'first start');
      rondo.token = 'x';
      await page.reload();
      await page.locator('.refused').waitFor();
      assert.deepEqual(await axeFindings(page), [], 'token');
    },
  );

for (const width of [320, 390, 768, 1280, 1920])
  await testWith(['browser'], `nothing sticks out at ${width} pixels`, async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    const { page } = await visit(t, await browser(), rondo.url, { viewport: { width, height: 900 } });
    await page.locator('.latency canvas').waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.locator('#copy table').first().waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
  });

for (const width of [320, 390, 1280])
  for (const locale of ['en-GB', 'zh-CN'] as const)
    await testWith(['browser'], `all sections are in sight at ${width} pixels, ${locale}`, async (t) => {
      const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
      const viewport = { width, height: 844 };
      const { page } = await visit(t, await browser(), rondo.url, { viewport, locale });
      const bars = (await page.evaluate(`[...document.querySelectorAll('nav li')]
        .map((item) => item.getBoundingClientRect())
        .filter(({ left, right }) => left < 0 || right > innerWidth).length`)) as number;
      assert.equal(await page.locator('nav li').count(), 6);
      assert.equal(bars, 0);
    });

for (const [reducedMotion, isMoving] of [
  ['reduce', false],
  ['no-preference', true],
] as const)
  await testWith(['browser'], `motion, where the system says ${reducedMotion}`, async (t) => {
    const rondo = await startMadeUpRondo(t, await pageFolder(), busyScene());
    const { page } = await visit(t, await browser(), rondo.url, { reducedMotion });
    await page.locator('progress').first().waitFor();
    assert.equal(await page.evaluate('document.getAnimations().length > 0'), isMoving);
  });
