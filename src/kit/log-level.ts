/** How important a line for people or a log is, as pino names it, least important first; `silent`: none is shown. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** The least important lines that are shown. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whether a line of `level` is shown where `least` is the least important one. */
export function isShown(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
