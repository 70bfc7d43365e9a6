import type { Language } from '../words/say.ts';
import { localeOf } from './locale.ts';

/** How numbers and times are written in one language. */
export type Figures = {
  count(value: number): string;
  /** 0 to 1, as per cent. */
  share(value: number): string;
  bytes(value: number): string;
  /** To two units at most: `2 h 5 min`. */
  duration(ms: number): string;
  /** A latency: `34 ms`, `1.2 s`. */
  latency(ms: number): string;
  time(ms: number): string;
  /** `5 minutes ago`. */
  ago(ms: number): string;
  decimal(value: number): string;
};

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const UNITS = [
  { ms: 86_400_000, en: 'd', zh: '天' },
  { ms: 3_600_000, en: 'h', zh: '小时' },
  { ms: 60_000, en: 'min', zh: '分钟' },
  { ms: 1000, en: 's', zh: '秒' },
] as const;

/** Below 99.995% nothing is called 100%: a mirror that was out once was not up all the time. */
function perCent(value: number): number {
  const exact = value * 100;
  return exact < 100 ? Math.min(99.99, Math.round(exact * 100) / 100) : 100;
}

function inUnits(ms: number, language: Language): string {
  const whole = Math.max(0, Math.round(ms / 1000)) * 1000;
  const first = UNITS.findIndex((unit) => whole >= unit.ms);
  if (first === -1) return language === 'zh' ? '0 秒' : '0 s';
  let rest = whole;
  const parts = UNITS.slice(first, first + 2).flatMap((unit) => {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    return count === 0 ? [] : [`${count} ${unit[language]}`];
  });
  return parts.join(' ');
}

function inBytes(value: number, decimal: (value: number) => string): string {
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${decimal(size >= 100 || unit === 0 ? Math.round(size) : size)} ${BYTE_UNITS[unit]}`;
}

/** Numbers and times as readers of `language` write them; times are of the browser's own zone. */
export function figuresIn(language: Language): Figures {
  const locale = localeOf(language);
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const one = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const two = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const dated = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const decimal = (value: number): string => one.format(value);
  return {
    count: (value) => whole.format(value),
    share: (value) => `${two.format(perCent(value))}%`,
    bytes: (value) => inBytes(value, decimal),
    duration: (ms) => inUnits(ms, language),
    latency: (ms) => (ms < 1000 ? `${whole.format(ms)} ms` : `${one.format(ms / 1000)} s`),
    time: (ms) => dated.format(ms),
    ago: (ms) => (language === 'zh' ? `${inUnits(ms, 'zh')}前` : `${inUnits(ms, 'en')} ago`),
    decimal: (value) => two.format(value),
  };
}
