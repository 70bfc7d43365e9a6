/** A place in a trace (W3C Trace Context). Ids are lower-case hexadecimal and not all zero. */
export type TraceContext = {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits. */
  readonly spanId: string;
  /** The span that caused this one; absent at the root of a trace. */
  readonly parentId?: string;
  /** The parent is another program's. */
  readonly isRemote?: true;
  readonly sampled: boolean;
  /** `tracestate`, checked; from the client. */
  readonly state?: string;
};

/** What came in with a request, from the client: hostile. */
export type TraceHeaders = {
  readonly traceparent?: string | readonly string[] | undefined;
  readonly tracestate?: string | readonly string[] | undefined;
};
