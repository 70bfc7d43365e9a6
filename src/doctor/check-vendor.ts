import type { Requirement } from '../gomod/go-mod.ts';
import { say, type Text } from '../words/text.ts';
import type { Finding } from './finding.ts';

/** What a project, or all modules of a workspace, say of the vendor folder. */
export type VendorFacts = {
  readonly requires: readonly Requirement[];
  /** Undefined where there is no vendor folder. */
  readonly modulesTxt: string | undefined;
  readonly isWorkspace: boolean;
};

const MOST = 10;

/**
 * Whether `vendor/modules.txt` has every requirement of go.mod in its version, which go asks for before it builds with it
 * (modload.checkVendorConsistency). A workspace may have several versions of a module. Pure.
 */
export function checkVendor({ requires, modulesTxt, isWorkspace }: VendorFacts): Finding[] {
  if (modulesTxt === undefined) return [];
  const vendored = new Map<string, Set<string>>();
  for (const line of modulesTxt.split('\n')) {
    const [, module, version] = /^# (\S+) (v\S+)/.exec(line) ?? [];
    if (module === undefined || version === undefined) continue;
    const versions = vendored.get(module) ?? new Set<string>();
    vendored.set(module, versions.add(version));
  }
  const other = requires.filter(({ module, version }) => vendored.get(module)?.has(version) !== true);
  if (other.length === 0) return [];
  return [
    {
      id: 'project.vendor',
      level: 'finding',
      what: say('the vendor folder is not what go.mod says'),
      evidence: other.slice(0, MOST).map((required) => lineOf(required, vendored.get(required.module))),
      fix: isWorkspace ? 'go work vendor' : 'go mod vendor',
    },
  ];
}

function lineOf({ module, version }: Requirement, vendored: ReadonlySet<string> | undefined): Text {
  return vendored === undefined
    ? say('go.mod: {module} {version}; vendor: nothing', { module, version })
    : say('go.mod: {module} {version}; vendor: {vendored}', {
        module,
        version,
        vendored: [...vendored].join(', '),
      });
}
