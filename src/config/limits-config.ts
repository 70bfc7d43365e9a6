/** [limits] of what clients may send and ask for. */
export type LimitsConfig = {
  readonly urlBytes: number;
  readonly headersBytes: number;
  /** Requests that wait for a mirror with a free slot. */
  readonly queue: number;
  /** Requests a minute and client; absent: any number. */
  readonly ratePerMinute?: number;
  /** How many a client may be ahead of that. */
  readonly burst: number;
  /** What is ahead is answered at once; else it waits for its time. */
  readonly nodelay: boolean;
  /** Of what is refused. */
  readonly status: '503' | '429';
  /** Requests a client under way; 0: any number. */
  readonly concurrent: number;
  /** Open connections of all clients; absent: as many as Rondo holds to be right. */
  readonly connections?: number;
  /** Of one client; absent: half of those. */
  readonly clientConnections?: number;
  /** Clients on this machine are limited too. */
  readonly loopback: boolean;
};
