/** What a running Rondo tells people by the way, and what is wrong with a value of the configuration. */
export const ZH_NOTICES = {
  'the copy cannot be written, {goesOn}: {why}': '无法写入副本，{goesOn}：{why}',
  'answers go on without being kept': '应答继续，但不保存',
  'what only reads it goes on': '只读取副本的工作继续',
  'the copy can be written again': '副本已恢复写入',
  'the index of the copy is made anew, for this one is of no use: {why}':
    '副本的索引已不可用，正在重建：{why}',
  'the index of the copy does not work, and its size is not kept in bounds: {why}':
    '副本的索引无法工作，暂不限制副本大小：{why}',
  'the index of the copy works again': '副本的索引已恢复工作',
  '{key} ({size}) is larger than all of the copy may be ({max})':
    '{key}（{size}）超过整个副本的上限（{max}）',
  '{what}: such files are served and not kept; raise max_size in [cache]':
    '{what}：此类文件会提供但不保存；请调大 [cache] 中的 max_size',
  'cannot take a connection: {why}': '无法接受连接：{why}',
  'clients have {count} connections open, as many as they may: idle ones are closed, and then new ones refused ([limits] connections)':
    '客户端已打开 {count} 个连接，达到上限：先关闭空闲连接，再拒绝新连接（[limits] connections）',
  '{client} has {count} connections open, as many as one client may: idle ones are closed, and then new ones refused ([limits] client_connections)':
    '{client} 已打开 {count} 个连接，达到每个客户端的上限：先关闭空闲连接，再拒绝新连接（[limits] client_connections）',
  'mirror {name} is left out: {why}': '排除镜像 {name}：{why}',
  'mirror {name} leads back to this Rondo, or through too many others: {why}':
    '镜像 {name} 绕回到这个 Rondo，或经过了太多其他代理：{why}',
  '{key} in the copy is not right': '副本中的 {key} 不正确',
  '{key} in the copy is not right and is not served: {why}': '副本中的 {key} 不正确，不予提供：{why}',
  '{key} in the copy is not right and is fetched again: {why}': '副本中的 {key} 不正确，正在重新下载：{why}',
  'not written down': '未能记录',
  'the records of {name} are not all sealed yet: {why}': '{name} 的记录尚未全部封存：{why}',
  '{key} is left out: {mirror} alone has it, and the checksum database does not know it':
    '不列出 {key}：只有 {mirror} 有它，且校验和数据库不认识它',
  'not read from the copy: {why}': '未能从副本读取：{why}',
  '{key} is served but not kept': '{key} 已提供但未保存',
  '404s are not remembered': '未能记住 404',
  'answer not kept': '应答未保存',

  'it names no mirror: Rondo would be passed by': '它没有镜像：会绕过 Rondo',
  '{entry} is not https': '{entry} 不是 https',
  '{entry} is on this machine or link': '{entry} 位于本机或本地链路',
  'is not an http, https or file URL': '不是 http、https 或 file URL',
  'has a query or a fragment': '含有查询参数或片段',
  'has a host (write file:///path)': '含有主机名（请写 file:///path）',
  'has credentials with a broken escape': '其凭据含有错误的转义',
  'must not be empty': '不得为空',
  'must be at most 1h, or whole': '最多为 1h，或写 whole',
  'must be between {min} and {max}': '必须在 {min} 和 {max} 之间',
  'must be one of {list}': '必须是以下之一：{list}',
  'must be a whole number from {min} to {max}': '必须是 {min} 到 {max} 的整数',
  'must be a number from {min} to {max}': '必须是 {min} 到 {max} 的数',
  'must be {form}': '必须是 {form}',
  'is not a duration (write 500ms, 5s or 2m)': '不是时长（请写 500ms、5s 或 2m）',
  'is neither a duration (write 5s) nor whole': '既不是时长（请写 5s）也不是 whole',
  'is not a size (write 512KiB or 64MiB)': '不是大小（请写 512KiB 或 64MiB）',
  'is not host:port (write 127.0.0.1:7070)': '不是 host:port（请写 127.0.0.1:7070）',
  'is not valid': '无效',
} as const;
