import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { buildDashboard } from '../../scripts/building/dashboard.ts';
import { ROOT } from '../tidy/repository.ts';

/** The page, built once from the sources as they are for the tests of a file: the folder that it lies in. */
export function builtPage(): () => Promise<string> {
  let page: Promise<{ readonly folder: string; readonly dashboard: string }> | undefined;
  after(async () => {
    if (page !== undefined) await rm((await page).folder, { recursive: true, force: true });
  });
  return async () => (await (page ??= build())).dashboard;
}

async function build(): Promise<{ readonly folder: string; readonly dashboard: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-page-'));
  const dashboard = join(folder, 'dashboard');
  await buildDashboard(ROOT, dashboard);
  return { folder, dashboard };
}
