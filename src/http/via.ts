/** More instances of Rondo than this in one way are a loop or a mistake (spec selection.md, "Itself"). */
const MAX_HOPS = 5;

/** The name under which an instance stands in Via. */
export function viaName(instanceId: string): string {
  return `rondo-${instanceId}`;
}

/**
 * Whether a request has already come through this instance, or through too many: the reason on one line, or
 * undefined where all is well. `via` is the header's value, from the client: hostile; read in linear time.
 *
 * A Via entry is `[protocol/]version received-by [(comment)]` (RFC 9110, 7.6.3).
 */
export function loopIn(via: string | undefined, instanceId: string): string | undefined {
  if (via === undefined) return undefined;
  const own = viaName(instanceId);
  let hops = 0;
  for (const entry of via.split(',')) {
    const receivedBy = entry.trim().split(/\s+/, 2)[1];
    if (receivedBy === own)
      return 'this request has already been here: a mirror of this Rondo leads back to it';
    if (receivedBy?.startsWith('rondo-') === true) hops += 1;
  }
  return hops > MAX_HOPS
    ? `this request came through ${hops} instances of Rondo, more than ${MAX_HOPS}`
    : undefined;
}
