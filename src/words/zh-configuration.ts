/** What is said of configuration files. */
export const ZH_CONFIGURATION = {
  'cannot read {path}: {why}': '无法读取 {path}：{why}',
  '{place}: {message}': '{place}：{message}',
  '{where}: no mirror of proxy is called {name}': '{where}：proxy 中没有名为 {name} 的镜像',
  '{where}: tls = true needs tls_cert and tls_key beside it':
    '{where}：tls = true 还需要 tls_cert 和 tls_key',
  '{where}: {words} stands behind {end}, where go stops reading':
    '{where}：{words} 位于 {end} 之后，go 不会读到那里',
  'write {end} last': '请把 {end} 写在最后',
  '{where}: proxy names no mirror (only {end}): serve has nothing to ask':
    '{where}：proxy 中没有镜像（只有 {end}）：serve 没有可询问的对象',
  'rondo init, or name the mirrors: proxy = https://goproxy.cn,direct':
    'rondo init，或写明镜像：proxy = https://goproxy.cn,direct',
  '{place}: {origin} has no token (one line of printable characters)':
    '{place}：{origin} 中没有令牌（一行可打印字符）',
  '{place}: {origin} has no login (one line user:password)':
    '{place}：{origin} 中没有登录信息（一行 user:password）',
  '{path} is not a file': '{path} 不是文件',
  '{path} is larger than 1 MiB': '{path} 大于 1 MiB',
  'there is no file {path}': '没有文件 {path}',
  'name a .goproxy that is there; `rondo init` writes one': '请指定存在的 .goproxy；`rondo init` 可生成',
  '{file}:{line}: the line is longer than {max} characters': '{file}:{line}：该行超过 {max} 个字符',
  '{where}: {line} is not a section': '{where}：{line} 不是节',
  '{where}: there are more than {MAX_MIRRORS} [mirror] sections': '{where}：[mirror] 节超过 {MAX_MIRRORS} 个',
  '{where}: {line} is not of the form key = value': '{where}：{line} 不是 key = value 的形式',
  '{where}: what stands behind ; or # is a comment': '{where}：; 或 # 之后是注释',
  '{where}: {key} is given twice, first in line {earlier}': '{where}：{key} 出现两次，首次在第 {earlier} 行',
  "{where}: a mirror's name is 1 to 100 printable characters": '{where}：镜像名须为 1 到 100 个可打印字符',
  '{where}: {section} takes no name': '{where}：{section} 不带名称',
  '{where}: [mirror] has no name': '{where}：[mirror] 缺少名称',
  'write [mirror "goproxy.cn"]': '请写成 [mirror "goproxy.cn"]',
  '{place} has both {name} and {name2}': '{place} 同时有 {name} 和 {name2}',
  'keep one of them': '请只保留一个',
  '{key}: the variable {text} is not set': '{key}：变量 {text} 未设置',
  'export {text}=…': 'export {text}=…',
  '{key}: cannot read {text}: {why}': '{key}：无法读取 {text}：{why}',
  '{replace} {problem}': '{replace} {problem}',
  'a mirror is written https://goproxy.cn, several of them with commas between':
    '镜像写成 https://goproxy.cn，多个镜像用逗号分隔',
  '{name} is not used for {name2}, since REQUEST_METHOD is set: in a CGI program any client could have set it':
    '由于设置了 REQUEST_METHOD，{name} 不用于 {name2}：在 CGI 程序中任何客户端都可能设置它',
  'env -u REQUEST_METHOD rondo …, or unset {name}': 'env -u REQUEST_METHOD rondo …，或 unset {name}',
  '{lower} must not be longer than {upper}': '{lower} 不得长于 {upper}',
  '{place} = {value} {problem}': '{place} = {value} {problem}',
  '{place} = {value} names a variable, and none is looked up here':
    '{place} = {value} 引用了变量，而此处不会展开变量',
  'write ~ for your home, or the whole path': '主目录请写 ~，或写完整路径',
  '{origin}: proxy cannot be used: the file is not trusted, and the list is too long to be shown whole':
    '{origin}：无法使用 proxy：文件未受信任，且列表过长无法完整显示',
  '{origin} names only Rondo ({names}), and no earlier chain was kept':
    '{origin} 只指向 Rondo（{names}），且没有保存过先前的链',
  'rondo init': 'rondo init',
  '{file}:{line}: proxy cannot be used: the file is not trusted, and {problem}':
    '{file}:{line}：无法使用 proxy：文件未受信任，且{problem}',
  'move it away: mv {path} {value}': '请移走它：mv {path} {value}',
  'trust cannot be remembered: {why}': '无法记住信任：{why}',
  'make {stateDir} a folder that you can write to': '请使 {stateDir} 成为可写的目录',
} as const;
