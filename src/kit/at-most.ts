/**
 * The bound of an LRUCache of so many entries that is seldom full: as `max` the library would lay out all of them at the start.
 */
export function atMost(entries: number): { maxSize: number; sizeCalculation: () => number } {
  return { maxSize: entries, sizeCalculation: () => 1 };
}
