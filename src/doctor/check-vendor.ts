import type { Requirement } from '../gomod/go-mod.ts';
import type { Finding } from './finding.ts';

const MOST = 10;

/**
 * Whether `vendor/modules.txt` has every requirement of go.mod in its version, which go asks for before it builds with it
 * (modload.checkVendorConsistency). Pure.
 */
export function checkVendor(requires: readonly Requirement[], modulesTxt: string | undefined): Finding[] {
  if (modulesTxt === undefined) return [];
  const vendored = new Map<string, string>();
  for (const line of modulesTxt.split('\n')) {
    const [, module, version] = /^# (\S+) (v\S+)/.exec(line) ?? [];
    if (module !== undefined && version !== undefined) vendored.set(module, version);
  }
  const other = requires.filter(({ module, version }) => vendored.get(module) !== version);
  if (other.length === 0) return [];
  return [
    {
      id: 'project.vendor',
      level: 'finding',
      what: 'the vendor folder is not what go.mod says',
      evidence: other
        .slice(0, MOST)
        .map(
          ({ module, version }) =>
            `go.mod: ${module} ${version}; vendor: ${vendored.get(module) ?? 'nothing'}`,
        ),
      fix: 'go mod vendor',
    },
  ];
}
