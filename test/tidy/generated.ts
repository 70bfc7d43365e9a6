import type { Finding } from './finding.ts';

/**
 * Finds generated files that differ from what their generator prints. `read` gives the file's text,
 * undefined if it is not there; `generate` what the generator prints.
 */
export function checkGenerated(
  generated: readonly { readonly file: string; readonly generator: string }[],
  read: (file: string) => string | undefined,
  generate: (generator: string) => string,
): Finding[] {
  return generated.flatMap(({ file, generator }) => {
    if (read(file) === generate(generator)) return [];
    const message = `stale: node ${generator} > ${file}`;
    return [{ file, line: 1, rule: 'generated', message }];
  });
}
