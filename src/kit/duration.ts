const UNIT_MS = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/**
 * The milliseconds of `500ms`, `5s`, `1.5h`, `1m30s`, `7d` or `0`, rounded to whole ones; undefined for
 * anything else. As Go's time.ParseDuration, with days, and without signs and units under a millisecond.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  if (trimmed.length > 40 || !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(trimmed)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    totalMs += Number(amount) * (UNIT_MS.get(unit ?? '') ?? Number.NaN);
  }
  const roundedMs = Math.round(totalMs);
  return Number.isSafeInteger(roundedMs) ? roundedMs : undefined;
}

const DAY_MS = 86_400_000;

/** The shortest text that parseDuration reads back as `durationMs`, a whole number from 0 on: `500ms`, `1.5s`, `1m30s`, `24h`, `90d`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  if (durationMs < 1000) return `${durationMs}ms`;
  if (durationMs % DAY_MS === 0 && durationMs > DAY_MS) return `${durationMs / DAY_MS}d`;
  const hours = Math.floor(durationMs / 3_600_000);
  const minutes = Math.floor((durationMs % 3_600_000) / 60_000);
  const seconds = (durationMs % 60_000) / 1000;
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${seconds > 0 ? `${seconds}s` : ''}`;
}
