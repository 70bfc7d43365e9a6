/** What is said of traces. */
export const ZH_TELEMETRY = {
  '{place} holds something that is no name=value': '{place} 中有不是 name=value 形式的内容',
  'write {example}': '请写成 {example}',
  'traces cannot be sent to {url}: {why}': '无法将跟踪数据发送到 {url}：{why}',
  'traces are sent to {url} again': '跟踪数据已恢复发送到 {url}',
} as const;
