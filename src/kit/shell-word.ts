/**
 * A word of a command that is meant to be pasted, as it is where no shell would take it apart or look into it. Else
 * in single quotes, in which POSIX shells see nothing; on Windows in double ones, the only kind that all of its
 * shells know.
 */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return /^[\w@+=:,./\\-]+$/.test(text) ? text : `"${text}"`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
