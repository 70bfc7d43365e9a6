import { dirname } from 'node:path';
import type { Origin, TargetConfig } from './config.ts';
import { TARGET, type TargetValues } from './keys.ts';
import type { Layer } from './layer.ts';
import { readSection, type Source } from './read-values.ts';
import type { Report } from './report.ts';

/**
 * The [target "name"] sections of all files, nearest first: what the nearest says counts. No untrusted file has any.
 * `origins` gets where each stands.
 * @throws RondoError E_CONFIG for a text that is no value, unless there is somebody to report it to.
 */
export function readTargetSections(
  layers: readonly Layer[],
  home: string,
  origins: Map<string, Origin>,
  report?: Report,
): ReadonlyMap<string, TargetConfig> {
  const targets = new Map<string, TargetConfig>();
  const reports = report === undefined ? {} : { report };
  for (const name of new Set(layers.flatMap((layer) => [...layer.targets.keys()]))) {
    const section = `target.${name}`;
    const sources = layers.map((layer): Source => (path) => {
      const found = layer.targets.get(name)?.get(path.slice(section.length + 1));
      return (
        found && { text: found.text, origin: `file ${layer.file}:${found.line}`, base: dirname(layer.file) }
      );
    });
    const reader = { sources, home, origins, defaults: false, ...reports };
    const { to } = readSection<TargetValues>(section, TARGET, reader);
    if (to !== undefined) targets.set(name, { to });
  }
  return targets;
}
