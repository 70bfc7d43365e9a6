import axe from 'axe-core';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { after } from 'node:test';
import { chromiumPath } from '../support/chromium.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { NOW_MS } from './scene.ts';

/** A browser. Not with the package's own arguments: those would switch the same-origin policy off. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--font-render-hinting=none', '--disable-gpu', '--disable-dev-shm-usage', ...more],
  });
}

/** What the pages of one context have seen. */
export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts and of the policy, and requests to anybody else than `url`. */
  readonly complaints: string[];
};

/** Opens `url` in a context of its own; it ends with `t`. Times are UTC, and it is NOW_MS unless `liveClock`. */
export async function visit(
  t: Cleanup,
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { readonly liveClock?: boolean } = {},
): Promise<Visit> {
  const { liveClock = false, ...contextOptions } = options;
  const context = await browser.newContext({
    timezoneId: 'UTC',
    locale: 'en-GB',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 900 },
    ...contextOptions,
  });
  t.after(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // What the server refuses or does not answer, the browser tells by itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) complaints.push(`asked ${request.url()}`);
  });
  if (!liveClock) await page.clock.setFixedTime(NOW_MS);
  await page.goto(url);
  return { page, context, complaints };
}

/** What axe-core finds, a line each; none is what is wanted. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return (await inPage.run()).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** One browser for the tests of a file, started by the first of them. */
export function sharedBrowser(): () => Promise<Browser> {
  let browser: Promise<Browser> | undefined;
  after(async () => (await browser)?.close());
  return () => (browser ??= launchBrowser());
}
