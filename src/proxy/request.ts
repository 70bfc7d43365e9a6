/** What a use case may know of the client's request. */
export type ClientRequest = {
  readonly headOnly: boolean;
  /** False with `Disable-Module-Fetch: true`: only the copy may answer. */
  readonly fetchAllowed: boolean;
  /** The Via header to pass on, where the client is a proxy itself. */
  readonly via: string | undefined;
  /** Aborts when the client has gone; absent where nobody can go. */
  readonly signal?: AbortSignal;
};
