/** What doctor, why, toolchain, env and completion say. */
export const ZH_DOCTOR = {
  'there is no completion for {shell}': '没有适用于 {shell} 的补全脚本',
} as const;
