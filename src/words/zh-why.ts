/** What why says, and what is wrong with the module that it is asked for. */
export const ZH_WHY = {
  WHO: '来源',
  'HAS IT': '是否提供',
  COMMIT: '提交',
  VERSIONS: '版本数',
  LACKS: '缺少',
  NEWEST: '最新版本',
  yes: '是',
  no: '否',
  right: '正确',
  fails: '失败',
  'checksum database': '校验和数据库',
  asking: '正在询问',
  'its repository': '源代码仓库',
  'not asked': '未询问',
  'asks for a login': '要求登录',
  'refuses ({status})': '拒绝（{status}）',
  'not asked: {why}': '未询问：{why}',
  'not asked: there is no go': '未询问：没有 go',
  'not asked: GONOSUMDB, GOPRIVATE or GOSUMDB': '未询问：GONOSUMDB、GOPRIVATE 或 GOSUMDB',
  'no module is named': '没有指定模块',
  'rondo why {value}': 'rondo why {value}',
  '@v/list is far too long': '@v/list 过长',
  '@v/list is no list of versions': '@v/list 不是版本列表',
  '@latest is far too long': '@latest 过长',
  '@latest names no version': '@latest 没有给出版本',
  'versions that are there are lacking at {who}': '以下镜像缺少已有的版本：{who}',
  'versions that are there are lacking at {who}; the newest one is {newest}':
    '以下镜像缺少已有的版本：{who}；最新版本是 {newest}',
  'nobody confirms the newest version of {who}: no other mirror, not its repository, not the checksum database':
    '以下镜像的最新版本没有得到任何印证（其他镜像、源代码仓库、校验和数据库均无）：{who}',
  '{module} is private by {pattern}: the chain came with this project, and its mirrors do not hear the name':
    '{module} 按 {pattern} 属于私有模块：链来自本项目的文件，不会向其中的镜像透露该名称',
  'where those mirrors may hear it: rondo config trust': '如果可以让这些镜像知道它：rondo config trust',
  'go.sum of this project is not looked at: {why}': '不查看本项目的 go.sum：{why}',
  'to look at that version: rondo why {name}': '查看该版本：rondo why {name}',
  'there is no module {module}: no mirror and no repository has a version of it':
    '不存在模块 {module}：镜像和仓库中都没有它的任何版本',
  'no mirror has a version of {module}, and its repository gave no answer':
    '没有任何镜像提供 {module} 的版本，而且其仓库没有给出答复',
  'check its path: it begins with a host, and ends with /v2 and so on from version 2 on':
    '请检查其路径：以主机名开头，从 v2 起以 /v2 等结尾',
  'all is well with {module}: nobody contradicts': '{module} 一切正常：各方没有矛盾',
  'all is well with {module}: everybody has {newest}, the newest one':
    '{module} 一切正常：各方都有最新版本 {newest}',
  '{who} refuses to serve it': '以下镜像拒绝提供：{who}',
  '{who} refuses to serve it: {words}': '以下镜像拒绝提供：{who}（{words}）',
  'the checksum database has no {name}: go takes it only where GONOSUMDB or GOPRIVATE names it':
    '校验和数据库中没有 {name}：只有列入 GONOSUMDB 或 GOPRIVATE 时 go 才会接受它',
  'there is no {name}: no mirror and no repository has it': '{name} 不存在：镜像和仓库中都没有它',
  '{version} is a question, and no version': '{version} 是版本查询，不是具体版本',
  '{word} is a URL, and no module path': '{word} 是 URL，不是模块路径',
  'to see which versions there are: rondo why {module}': '查看有哪些版本：rondo why {module}',
  'the checksum database did not answer, so nothing vouches for what there is: {why}':
    '校验和数据库没有应答，因此没有任何依据证明现有内容：{why}',
  'try again later; rondo doctor says whether a mirror passes it on':
    '请稍后重试；rondo doctor 会说明是否有镜像转发它',
  'the checksum database contradicts itself, and nothing that it says is taken: {why}':
    '校验和数据库自相矛盾，不再采信它的任何内容：{why}',
  'do not build; keep this output: it belongs to the operators of the database':
    '请勿构建；请保留此输出，应当交给该数据库的运营者',
} as const;
