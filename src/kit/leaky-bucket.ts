/** How many requests somebody is ahead of his rate, and when that was. Plain data. */
export type Bucket = { readonly ahead: number; readonly atMs: number };

/** Requests a second, and how many somebody may be ahead of that. */
export type RateLimit = { readonly perS: number; readonly burst: number };

/** When a request has its turn, or why it has none. */
export type Turn =
  | { readonly kind: 'go'; readonly afterMs: number; readonly bucket: Bucket }
  /** Nothing has changed; the same request would be taken in `againMs`. */
  | { readonly kind: 'refuse'; readonly againMs: number };

/**
 * The turn of a request that comes at `nowMs`: nginx's limit_req (ngx_http_limit_req_module.c, lookup and account).
 * `bucket` is what the one before has left, undefined for none. Pure.
 */
export function takeTurn(bucket: Bucket | undefined, nowMs: number, { perS, burst }: RateLimit): Turn {
  const perMs = perS / 1000;
  const ahead = bucket === undefined ? 0 : Math.max(0, bucket.ahead - perMs * (nowMs - bucket.atMs) + 1);
  if (ahead > burst) return { kind: 'refuse', againMs: (ahead - burst) / perMs };
  return { kind: 'go', afterMs: ahead / perMs, bucket: { ahead, atMs: nowMs } };
}
