const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const DECIMAL = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/**
 * The bytes of `64MiB`, `1.5 GiB`, `500MB`, `512B` or `4096`, rounded to whole ones; undefined for anything
 * else. KiB and its like are powers of 1024, KB and its like of 1000; upper and lower case are the same.
 */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,16}(?:\.\d{1,6})?) ?([a-z]{0,3})$/i.exec(text.trim());
  if (match === null) return undefined;
  const bytes = Math.round(Number(match[1]) * unitBytes(match[2] ?? ''));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

function unitBytes(unit: string): number {
  const wanted = (unit === '' ? 'B' : unit).toLowerCase();
  const binary = BINARY.findIndex((name) => name.toLowerCase() === wanted);
  if (binary >= 0) return 1024 ** binary;
  const decimal = DECIMAL.findIndex((name) => name.toLowerCase() === wanted);
  return decimal >= 0 ? 1000 ** decimal : Number.NaN;
}

/** For people: `0 B`, `64 MiB`, `12.3 MiB`; one digit after the point, none where it is zero. */
export function formatSize(sizeBytes: number): string {
  let amount = sizeBytes;
  let unit = 0;
  // 1023.95 would be written as 1024.0: then the next unit reads better.
  while (amount >= 1023.95 && unit < BINARY.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${Number(amount.toFixed(1))} ${BINARY[unit] ?? 'B'}`;
}

/** The shortest text that parseSize reads back as exactly `sizeBytes`, a whole number from 0 on: `64MiB`, `1000B`. */
export function formatExactSize(sizeBytes: number): string {
  let amount = sizeBytes;
  let unit = 0;
  while (amount > 0 && amount % 1024 === 0 && unit < BINARY.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount}${BINARY[unit] ?? 'B'}`;
}
