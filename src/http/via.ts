/**
 * More instances of Rondo than this in one way, this one included, are a loop or a mistake (spec selection.md,
 * "Itself"). This one counts because a mirror that is a Rondo will count it: so nothing is sent on that is over
 * the limit already.
 */
const MAX_HOPS = 5;

/** An entry as Rondo writes it; a comment may have been added on the way. Groups: received-by. */
const RONDO_ENTRY = /^(?:HTTP\/)?\d(?:\.\d)?[ \t]+(rondo-[0-9A-Za-z]{1,32})(?:[ \t]|$)/;

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
  for (const entry of via.split(',')) {
    if (entry.trim().split(/\s+/, 2)[1] === own) {
      return 'this request has already been here: a mirror of this Rondo leads back to it';
    }
  }
  const hops = rondoNames(via).length + 1;
  return hops > MAX_HOPS
    ? `this request came through ${hops} instances of Rondo, this one included, more than ${MAX_HOPS}`
    : undefined;
}

/**
 * What of a client's Via goes on to mirrors: the entries of other instances of Rondo, as Rondo writes them, of
 * which there are fewer than MAX_HOPS where loopIn found nothing. Everything else in it may be invented, and
 * long enough for a mirror to refuse the request. Undefined where nothing is left.
 */
export function onwardVia(via: string | undefined): string | undefined {
  if (via === undefined) return undefined;
  const names = rondoNames(via).slice(0, MAX_HOPS);
  return names.length === 0 ? undefined : names.map((name) => `1.1 ${name}`).join(', ');
}

/** The instances of Rondo in a Via, in order. */
function rondoNames(via: string): string[] {
  return via.split(',').flatMap((entry) => RONDO_ENTRY.exec(entry.trim())?.[1] ?? []);
}
