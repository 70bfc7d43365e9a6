import { setFlagsFromString } from 'node:v8';

/** Of what lives. With less, a collection comes so often that it is felt; with more, garbage is most of what is held. */
const GROWTH_PERCENT = 50;

/**
 * Has V8 collect the long-lived part of its heap whenever that has grown by half since the last time. By itself it lets a small
 * heap grow fourfold, and what it once had the machine does not see again: files that come and go through memory would make
 * 70 MiB that live into 240 that are held (docs/design/performance.md). V8 reads this factor after each collection.
 */
export function boundOldGeneration(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
