import { RondoError } from '../errors/rondo-error.ts';
import type { Origin } from './config.ts';
import type { FoundFile } from './find-files.ts';
import { parseIniFile } from './ini-file.ts';
import { createLayer } from './layer.ts';
import { readMirrorSections } from './mirror-sections.ts';
import { checkTogether, defaultDir, readSections } from './read-sections.ts';
import { layerSource } from './read-values.ts';
import { resolveChain } from './resolve-chain.ts';

/** The user's folders, for values that name some. */
export type CheckFolders = { readonly home: string; readonly cacheDir: string };

/**
 * All mistakes of a configuration file, as if it were trusted and alone, in the order in which it is read:
 * what one of them hides (a section that is none, a chain of broken values) is found once that is mended.
 * Credentials are not read: whether they are there is no matter of the file. Pure.
 */
export function checkFile(
  { path, content }: Pick<FoundFile, 'path' | 'content'>,
  { home, cacheDir }: CheckFolders,
): RondoError[] {
  const problems: RondoError[] = [];
  const report = (problem: RondoError): void => void problems.push(problem);
  const layer = createLayer(parseIniFile(content, path, report), path, true, report);
  const sources = [layerSource(layer), defaultDir(cacheDir)];
  const origins = new Map<string, Origin>();
  const { sections } = readSections({ sources, home, origins, defaults: true, report });
  const mirrors = readMirrorSections([layer], home, new Map(), report);
  if (problems.length > 0) return problems;
  reportThrown(report, () => {
    checkTogether(sections, origins);
  });
  const proxy = layer.values.get('proxy');
  const givesChain = proxy !== undefined || mirrors.some(({ urlLayer }) => urlLayer !== undefined);
  if (!givesChain) return problems;
  reportThrown(report, () => {
    resolveChain({
      override: undefined,
      environment: undefined,
      files: [{ file: path, trusted: true, proxy }],
      sections: mirrors,
      goUser: undefined,
      goroot: undefined,
      kept: [],
      listen: sections.server.listen,
      refused: new Set(),
      probePath: sections.probe.path,
      netrc: () => undefined,
    });
  });
  return problems;
}

function reportThrown(report: (problem: RondoError) => void, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RondoError)) throw error;
    report(error);
  }
}
