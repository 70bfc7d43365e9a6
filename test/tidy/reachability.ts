import type { Finding } from './finding.ts';
import { importsOf } from './imports.ts';
import { isTest, type Source } from './source.ts';

/**
 * Finds files that nothing uses: a file of src/ must be reached from a program that is no test, every
 * other one from any entry; tests are enough for the files in `notYetUsed`. Also finds relative imports of
 * files that are not there.
 */
export function checkReachability(
  sources: readonly Source[],
  entries: readonly RegExp[],
  notYetUsed: Readonly<Record<string, string>> = {},
): Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const findings: Finding[] = [];
  const uses = new Map<string, string[]>();
  for (const source of sources) {
    const targets = importsOf(source).flatMap(({ target, line }) => {
      if (target === undefined || !/\.(m?ts|tsx)$/.test(target)) return [];
      if (!byPath.has(target)) {
        const message = `there is no ${target}`;
        findings.push({ file: source.path, line, rule: 'reachability', message });
      }
      return [target];
    });
    uses.set(source.path, targets);
  }
  const isEntry = (path: string): boolean => entries.some((entry) => entry.test(path));
  const all = [...byPath.keys()];
  const fromAnything = reach(all.filter(isEntry), uses);
  const fromPrograms = reach(
    all.filter((path) => isEntry(path) && !isTest(path)),
    uses,
  );
  for (const path of all) {
    const used = path.startsWith('src/') && !isTest(path) ? fromPrograms : fromAnything;
    const excused = notYetUsed[path] !== undefined && fromAnything.has(path);
    if (excused && used.has(path)) {
      const message = 'is used now: take it off NOT_YET_USED in test/tidy/rules.ts';
      findings.push({ file: path, line: 1, rule: 'reachability', message });
    }
    if (used.has(path) || excused) continue;
    const why = fromAnything.has(path) ? 'only tests use this file' : 'nothing uses this file';
    const message = `${why}: use it, remove it, or add it to ENTRIES in test/tidy/rules.ts if it is a program`;
    findings.push({ file: path, line: 1, rule: 'reachability', message });
  }
  return findings;
}

function reach(from: readonly string[], uses: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set(from);
  for (const path of reached) for (const target of uses.get(path) ?? []) reached.add(target);
  return reached;
}
