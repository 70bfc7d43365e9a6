import { dirname } from 'node:path';
import type { MirrorSection } from './build-mirrors.ts';
import type { Origin } from './config.ts';
import { keyPath } from './key.ts';
import { MIRROR, type MirrorValues } from './keys.ts';
import type { Layer } from './layer.ts';
import { readSection, type Source } from './read-values.ts';
import type { Report } from './report.ts';

/**
 * The [mirror "name"] sections of all files, nearest first: what the nearest says of a key counts. Their
 * credentials are not read yet. `origins` gets where each key stands.
 * @throws RondoError E_CONFIG for a text that is no value, unless there is somebody to report it to.
 */
export function readMirrorSections(
  layers: readonly Layer[],
  home: string,
  origins: Map<string, Origin>,
  report?: Report,
): MirrorSection[] {
  const names = new Set(layers.flatMap(({ mirrors }) => [...mirrors.keys()]));
  const reports = report === undefined ? {} : { report };
  return [...names].map((name) => {
    const section = `mirror.${name}`;
    const urlPath = keyPath(section, 'url');
    const sources = layers.map((layer): Source => (path) => {
      const found = layer.mirrors.get(name)?.get(path.slice(section.length + 1));
      const origin: Origin = `file ${layer.file}:${found?.line}`;
      return found && { text: found.text, origin, base: dirname(layer.file), hidden: !layer.trusted };
    });
    const reader = { sources, home, origins, defaults: false, ...reports };
    const values = readSection<MirrorValues>(section, MIRROR, reader);
    const layer = layers.findIndex(({ mirrors }) => mirrors.has(name));
    const urlLayer = sources.findIndex((source) => source(urlPath) !== undefined);
    const line = Math.min(
      ...[...(layers[layer]?.mirrors.get(name)?.values() ?? [])].map((text) => text.line),
    );
    const where = `${layers[layer]?.file}:${line}`;
    return { name, where, layer, urlLayer: urlLayer < 0 ? undefined : urlLayer, values };
  });
}
