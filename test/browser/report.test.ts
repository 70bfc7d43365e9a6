import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportPage } from '../../src/cli/report-page.ts';
import { tableOf } from '../../src/words/language.ts';
import { happens } from '../support/happens.ts';
import { testWith } from '../support/requirements.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { axeFindings, sharedBrowser, visit } from './browser.ts';
import { HISTORY } from './scene-history.ts';

const browser = sharedBrowser();
const PHONE = { width: 390, height: 844 };

for (const colorScheme of ['light', 'dark'] as const)
  await testWith(
    ['browser'],
    `the page of rondo report (${colorScheme}) needs nothing else, fits a phone, and is read by keyboard`,
    async (t) => {
      const folder = await tempFolder(t, 'report');
      for (const language of ['en', 'zh'] as const) {
        const file = join(folder, `${language}.html`);
        const table = language === 'en' ? undefined : await tableOf(language);
        await writeFile(file, reportPage(HISTORY, HISTORY.series, table));
        const options = { colorScheme, viewport: PHONE };
        const { page, complaints } = await visit(t, await browser(), pathToFileURL(file).href, options);
        assert.deepEqual(await axeFindings(page), []);
        assert.deepEqual(complaints, []);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width);
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate("document.activeElement.matches('.wide')"), true);
        await page.keyboard.press('ArrowRight');
        await happens(() => page.evaluate<boolean>('document.activeElement.scrollLeft > 0'));
      }
    },
  );
