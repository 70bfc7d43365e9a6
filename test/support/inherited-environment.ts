/** Of this process's environment those of these variables that are set: for a child that is to see nothing else of it. */
export function inheritedEnvironment(...names: readonly string[]): Record<string, string> {
  const known = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}
