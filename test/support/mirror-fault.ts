/** What a path of a mirror names; `query` is the `.info` of something that is no canonical version. */
export type MirrorFileKind = 'list' | 'latest' | 'query' | 'info' | 'mod' | 'zip' | 'sumdb' | 'other';

/** Where a body breaks off: after so many bytes, or after a part of it; in the middle when neither is said. */
export type BreakPoint = { readonly afterBytes?: number; readonly afterFraction?: number };

/** Which byte is not right; `tail`: 32 KiB before the end, in the last 64 KiB. */
export type CorruptPlace = 'first' | 'middle' | 'tail' | 'last';

/** Faults in what is answered: the answer itself goes over the wire as it should. */
export type ContentFault =
  /** 503, 500, 502, 429, 403, …; `retryAfter` is the header's value; `words` the line of text/plain. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: string;
      readonly words?: string;
    }
  /** 404 `not found: …`: the mirror knows that it has no such thing. */
  | { readonly kind: 'hard-404' }
  /** 404 `not found: fetch timed out`: the mirror could not find out. */
  | { readonly kind: 'soft-404'; readonly status?: 404 | 410 }
  /** 200 with the page of a captive portal. */
  | { readonly kind: 'html' }
  /** 200 without a byte. */
  | { readonly kind: 'empty' }
  /** One bit of the body flipped. */
  | { readonly kind: 'corrupt'; readonly at: CorruptPlace }
  /** The zip of another module, whole and well-formed. */
  | { readonly kind: 'other-zip' }
  /** The `.info` of another version (default v9.9.9). */
  | { readonly kind: 'other-version'; readonly version?: string }
  /** A list without its `drop` (default 1) newest versions. */
  | { readonly kind: 'stale-list'; readonly drop?: number }
  | { readonly kind: 'content-type'; readonly type: string }
  /** `{path}` in `location` stands for the path that was asked for. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: 301 | 302 | 303 | 307 | 308 };

/** Faults in how an answer goes over the wire. */
export type WireFault =
  /** The whole answer, late. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** No byte, ever. */
  | { readonly kind: 'hang' }
  /** RST in the body. */
  | ({ readonly kind: 'reset' } & BreakPoint)
  /** FIN in the body, before Content-Length is reached. */
  | ({ readonly kind: 'short' } & BreakPoint)
  /** No Content-Length, `Connection: close`, FIN in the body: nothing in HTTP says that it is not whole. */
  | ({ readonly kind: 'cut' } & BreakPoint)
  /** More bytes than Content-Length says (default 16). */
  | { readonly kind: 'excess'; readonly bytes?: number }
  /** No further byte in the body; the connection stays. */
  | ({ readonly kind: 'stall' } & BreakPoint)
  /** Headers or body at so many bytes a second. */
  | { readonly kind: 'drip'; readonly part: 'headers' | 'body'; readonly bytesPerSecond: number }
  /** The body spread evenly over this time. */
  | { readonly kind: 'paced'; readonly overMs: number }
  /** FIN instead of an answer, on a connection that has answered before; on a fresh one all is well. */
  | { readonly kind: 'keep-alive-closed' };

/** Connects are refused and open connections dropped until the faults are cleared; has no scope. */
export type RefusedFault = { readonly kind: 'refused' };

/** Everything that can be wrong with a scriptable mirror (spec/faults.md). */
export type Fault = ContentFault | WireFault | RefusedFault;

/** Which requests a fault meets; all of them when empty. */
export type FaultScope = {
  /** Tested against the path as the log has it: without the base path, capitals as `!x`, query included. */
  readonly match?: RegExp;
  readonly kinds?: readonly MirrorFileKind[];
  /** Spares requests for a part of a file (Range). */
  readonly whole?: true;
  /** Acts so often, then never again. */
  readonly times?: number;
};

type Rule = { readonly fault: ContentFault | WireFault; readonly scope: FaultScope; left: number };

/** The faults that meet one request: at most one of each family. */
export type Meeting = { readonly content?: ContentFault; readonly wire?: WireFault };

const WIRE_KINDS: ReadonlySet<Fault['kind']> = new Set([
  'slow',
  'hang',
  'reset',
  'short',
  'cut',
  'excess',
  'stall',
  'drip',
  'paced',
  'keep-alive-closed',
] satisfies WireFault['kind'][]);

/** A request as faults are chosen by it. */
export type Asked = {
  readonly path: string;
  readonly kind: MirrorFileKind;
  /** Its connection has answered before. */
  readonly reused: boolean;
  /** Not for a part of the file. */
  readonly whole: boolean;
};

/** The script of one mirror. Of the rules that match a request the newest of each family acts. */
export class FaultScript {
  readonly #rules: Rule[] = [];

  add(fault: ContentFault | WireFault, scope: FaultScope): void {
    this.#rules.unshift({ fault, scope, left: scope.times ?? Infinity });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The faults for a request; counts down those with `times`. */
  meet(asked: Asked): Meeting {
    let content: ContentFault | undefined;
    let wire: WireFault | undefined;
    for (const rule of this.#rules) {
      const taken = isWireFault(rule.fault) ? wire : content;
      if (taken !== undefined || rule.left <= 0 || !matches(rule.scope, asked)) continue;
      if (rule.fault.kind === 'keep-alive-closed' && !asked.reused) continue;
      rule.left -= 1;
      if (isWireFault(rule.fault)) wire = rule.fault;
      else content = rule.fault;
    }
    return { ...(content && { content }), ...(wire && { wire }) };
  }
}

function isWireFault(fault: ContentFault | WireFault): fault is WireFault {
  return WIRE_KINDS.has(fault.kind);
}

function matches(scope: FaultScope, { path, kind, whole }: Asked): boolean {
  if (scope.whole === true && !whole) return false;
  if (scope.kinds !== undefined && !scope.kinds.includes(kind)) return false;
  // `search` ignores lastIndex, so that a RegExp with the g flag matches every time.
  return scope.match === undefined || path.search(scope.match) >= 0;
}
