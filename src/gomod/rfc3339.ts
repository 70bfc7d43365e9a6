const RFC_3339 =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,100})?(Z|[+-][0-9]{2}:[0-9]{2})$/;

/**
 * The time that an RFC 3339 text names, to the millisecond, or `undefined` where the go command would
 * refuse it: lower case, a missing zone, 30 February (time.Time.UnmarshalJSON).
 */
export function parseRfc3339(text: string): Date | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, local = '', fraction = '', zone = ''] = match;
  // Date rolls 30 February over into March; such digits are no time.
  const asUtc = new Date(`${local}.000Z`);
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString() !== `${local}.000Z`) return undefined;
  if (zone !== 'Z' && (zone.slice(1, 3) > '23' || zone.slice(4) > '59')) return undefined;
  return new Date(`${local}${fraction.slice(0, 4)}${zone}`);
}
