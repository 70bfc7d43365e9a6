import type { Summary } from './statistics.ts';
import type { Measure } from './types.ts';

/** A number of a measure for people: three significant digits and a unit. */
export function formatValue(value: number, unit: Measure['unit']): string {
  switch (unit) {
    case 'bytes':
      return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB']);
    case 'bytes/s':
      return scaled(value, 1000, ['B/s', 'kB/s', 'MB/s', 'GB/s']);
    case 'requests/s':
      return `${scaled(value, 1000, ['', 'k', 'M'])}/s`.replace(/ \/s$/, '/s').replace(/ ([kM])\/s$/, '$1/s');
    case 's':
      return Math.abs(value) < 1 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
    case 'ms':
      return `${digits(value)} ms`;
    case 'per minute':
      return `${digits(value)}/min`;
    case '%':
      return `${digits(value)} %`;
    case '1':
      return digits(value);
  }
}

/** A ratio for people: `1.32x`. */
export function formatRatio(value: number): string {
  return `${digits(value)}x`;
}

/** `12.3 (11.9–13.0)`, without the range where there was one run. */
export function formatSummary(summary: Summary, format: (value: number) => string): string {
  const { median, min, max, count } = summary;
  return count === 1 ? format(median) : `${format(median)} (${format(min)}–${format(max)})`;
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let rest = value;
  let index = 0;
  while (Math.abs(rest) >= step && index < units.length - 1) {
    rest /= step;
    index += 1;
  }
  return `${digits(rest)} ${units[index] ?? ''}`;
}

/** Three significant digits, whole numbers from 100 on. */
function digits(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
