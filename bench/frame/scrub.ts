/**
 * `text` without paths of this machine, since results are published: each of `folders` becomes `…`, the longest
 * first, and so does what stands in it.
 */
export function scrub(text: string, folders: readonly string[]): string {
  const found = folders.filter((folder) => folder.length > 1).sort((a, b) => b.length - a.length);
  return found.reduce((rest, folder) => rest.replaceAll(folder, '…'), text);
}
