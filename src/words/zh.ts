import type { Between } from './text.ts';

/**
 * Every sentence that Rondo says to people, and what it is in Simplified Chinese. The slots stand where Chinese has them.
 * A sentence that is not here does not compile (sentences.ts); `zh.test.ts` compares the slots.
 */
export const ZH = {
  'cannot read {path}: {why}': '无法读取 {path}：{why}',
  '{count} file': '{count} 个文件',
  '{count} files': '{count} 个文件',
} as const;

/** What stands between the parts of a list. */
export const ZH_BETWEEN: Readonly<Record<Between, string>> = {
  ', ': '，',
  '; ': '；',
  ' and ': '和',
  ' or ': '或',
};
