/** What the API and the dashboard's server say. */
export const ZH_API = {
  'nothing new is kept: the copy cannot be written': '新内容不会保留：副本无法写入',
  'this Rondo is offline and asks no mirror': '此 Rondo 处于离线状态，不向任何镜像请求',
  'no mirror may be asked now: what is not in the copy fails':
    '目前没有可以请求的镜像：副本中没有的内容会失败',
  '{name} is drained: no request goes to it': '{name} 已停用：不会向它发送请求',
  '{name} is left out: {status}': '{name} 已被排除：{status}',
  // where a value of the configuration comes from
  'as GOPRIVATE': '同 GOPRIVATE',
  'flag {name}': '选项 {name}',
} as const;
