/** What the commands over the copy say: sync, cache, verify. */
export const ZH_SYNC = {
  'there is no go.sum in {cwd} or above it': '{cwd} 及其上级目录中没有 go.sum',
} as const;
