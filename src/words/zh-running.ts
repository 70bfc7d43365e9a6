/** What serve, exec, init, mirrors and config say. */
export const ZH_RUNNING = {
  interrupted: '已中断',
} as const;
