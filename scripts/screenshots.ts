/** `npm run screenshots`: docs/dashboard/*.png, of the page as it is built from the sources and of the same made-up Rondo each time. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser, visit } from '../test/browser/browser.ts';
import { startMadeUpRondo } from '../test/browser/made-up-rondo.ts';
import { busyScene } from '../test/browser/busy-scene.ts';
import { type Scene } from '../test/browser/scene.ts';
import { emptyScene } from '../test/browser/scenes.ts';
import { buildDashboard } from './building/dashboard.ts';

const root = join(import.meta.dirname, '..');
const outFolder = process.argv[2] ?? join(root, 'docs', 'dashboard');
const WIDTHS = [390, 1280, 1920] as const;
const HEIGHTS: Readonly<Record<number, number>> = { 390: 844, 1280: 800, 1920: 1080 };
const SCENES: Readonly<Record<string, { scene: Scene; widths: readonly number[]; whole: boolean }>> = {
  dashboard: { scene: busyScene(), widths: WIDTHS, whole: true },
  'first-start': { scene: emptyScene(), widths: [390, 1280], whole: false },
};

const cleanup: (() => Promise<void>)[] = [];
const t = { after: (fn: () => Promise<void>): void => void cleanup.push(fn) };
try {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-page-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await buildDashboard(root, join(folder, 'dashboard'));
  await mkdir(outFolder, { recursive: true });
  const browser = await launchBrowser();
  t.after(() => browser.close());
  if (!(await hasChineseFont(browser)))
    throw new Error('no font here has Chinese: Debian has one in fonts-wqy-microhei');
  for (const [name, { scene, widths, whole }] of Object.entries(SCENES)) {
    const rondo = await startMadeUpRondo(t, join(folder, 'dashboard'), scene);
    for (const width of widths)
      for (const colorScheme of ['light', 'dark'] as const)
        for (const locale of ['en-GB', 'zh-CN'] as const) {
          const viewport = { width, height: HEIGHTS[width] ?? 800 };
          const { page, context } = await visit(t, browser, rondo.url, { viewport, colorScheme, locale });
          await page.locator(whole ? '.latency canvas' : '#config table').waitFor();
          await page.locator('#copy li, #copy .empty').first().waitFor();
          // The whole page once: it takes 300 kB.
          const isWhole = whole && width === 1280 && colorScheme === 'light' && locale === 'en-GB';
          const file = `${name}-${width}-${colorScheme}-${locale.slice(0, 2)}.png`;
          await page.screenshot({ path: join(outFolder, file), fullPage: isWhole, animations: 'disabled' });
          await context.close();
          process.stdout.write(`${file}\n`);
        }
  }
} finally {
  for (const end of cleanup.toReversed()) await end();
}

/** Whether two Chinese characters look different: without a font for them both are the same box. */
async function hasChineseFont(browser: Browser): Promise<boolean> {
  const page = await browser.newPage();
  const drawn = (text: string): Promise<unknown> =>
    page.evaluate(`(() => {
      const context = document.createElement('canvas').getContext('2d');
      context.font = '32px sans-serif';
      context.fillText('${text}', 10, 50);
      return context.canvas.toDataURL();
    })()`);
  const looks = [await drawn('镜'), await drawn('像')];
  await page.close();
  return looks[0] !== looks[1];
}
