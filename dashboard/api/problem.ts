/** Why something was not answered, as far as the page shows it (RFC 9457); `status` 0 where nobody answered. */
export type Problem = {
  readonly status: number;
  readonly code?: string | undefined;
  readonly message: string;
  readonly hint?: string | undefined;
};
