import type { Requirement } from '../gomod/go-mod.ts';
import { say, type Text } from '../words/text.ts';
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
      what: say('the vendor folder is not what go.mod says'),
      evidence: other.slice(0, MOST).map((required) => lineOf(required, vendored.get(required.module))),
      fix: 'go mod vendor',
    },
  ];
}

function lineOf({ module, version }: Requirement, vendored: string | undefined): Text {
  return vendored === undefined
    ? say('go.mod: {module} {version}; vendor: nothing', { module, version })
    : say('go.mod: {module} {version}; vendor: {vendored}', { module, version, vendored });
}
