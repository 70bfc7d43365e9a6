/** A list as it is compared: the order of its lines and the last newline mean nothing to go, and proxies differ in them. */
export function sortedLines(list: string): string {
  return list.split('\n').filter(Boolean).toSorted().join('\n');
}
