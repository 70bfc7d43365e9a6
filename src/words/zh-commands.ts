/** What the commands say. */
export const ZH_COMMANDS = {
  'error:': '错误：',
  'hint:': '提示：',
  'warning:': '警告：',
  'this is a bug in Rondo: please report it with what the same command prints with --verbose':
    '这是 Rondo 的缺陷：请附上同一命令加 --verbose 的输出进行报告',
  '{code}, exit code {exit}': '{code}，退出码 {exit}',
  '{count} file': '{count} 个文件',
  '{count} files': '{count} 个文件',
  '{module} is private: no mirror hears its name, and go fetches it from its repository by itself':
    '{module} 是私有模块：不会向任何镜像透露它的名称，go 命令会自行从仓库获取',
  'to let a mirror have it: match = … below [mirror "…"] in a .goproxy':
    '如需让某个镜像提供它：在 .goproxy 的 [mirror "…"] 下写 match = …',
  'other content than the checksum database has: {who}': '内容与校验和数据库不一致：{who}',
  'Rondo never passes it on; tell whoever runs the mirror, or take it out of the chain':
    'Rondo 绝不会转发它；请告知镜像的维护者，或把该镜像从链中去掉',
  'mirrors have different content, and no checksum database vouches for any of it: {who}':
    '各镜像的内容不同，而且没有校验和数据库可以作证：{who}',
  'ask who publishes the module which one is right; its tag may have been moved':
    '请向模块的发布者确认哪一个正确；标签可能被移动过',
  'the tag was moved: the repository has another commit now than {who}':
    '标签被移动过：仓库现在的提交与以下镜像不同：{who}',
  'what was published first is what everybody builds; a new version is the way to change it':
    '所有人构建的都是最先发布的内容；要修改内容，应当发布新版本',
  'go.sum has another hash than everybody else: the tag was moved before it was published, or go.sum was made from a private build':
    'go.sum 中的哈希与其他各方都不同：标签在发布前被移动过，或 go.sum 来自私有构建',
  'to take what is published: remove the lines of {name} from go.sum, then: go mod tidy':
    '如需采用已发布的内容：从 go.sum 中删除 {name} 的行，然后运行 go mod tidy',
  'not yet, or not any more, at {who}': '以下镜像尚未收录或已不再提供：{who}',
  'Rondo asks the others by itself; a mirror that lags has new versions minutes or hours later':
    'Rondo 会自动询问其他镜像；滞后的镜像会在几分钟或几小时后收录新版本',
  'a version that nobody has published: neither its repository nor the checksum database knows the commit; made up by {who}':
    '没有人发布过这个版本：仓库和校验和数据库都不认识该提交；它由以下镜像凭空产生：{who}',
  'to use a commit that is there: go get {module}@COMMIT': '如需使用确实存在的提交：go get {module}@COMMIT',
  'add a mirror that carries it, or the credentials that this one asks for':
    '请添加提供它的镜像，或该镜像所要求的凭据',
  'no answer from {who}': '以下镜像没有应答：{who}',
  'to see what is wrong there: rondo doctor': '查看问题所在：rondo doctor',
  'only its repository has it: GOPROXY with ,direct at its end lets go fetch it there':
    '只有源代码仓库中有它：在 GOPROXY 末尾加上 ,direct，go 命令即可从那里获取',
  'it was published, and nobody has it any more: a copy or a vendor folder of somebody who built it is what is left':
    '它曾经发布过，但现在已无处可得：只剩曾构建过它的人的副本或 vendor 目录',
  'there is no {name}: no mirror, no repository and no checksum database has it':
    '不存在 {name}：镜像、仓库和校验和数据库中都没有',
  'to see which versions there are: go list -m -versions {module}':
    '查看有哪些版本：go list -m -versions {module}',
  'all is well with {name}: everybody has the same': '{name} 一切正常：各方内容一致',
  'cannot write {file}: {why}': '无法写入 {file}：{why}',
  'unset {list}': 'unset {list}',
  'the zip of {toolchainName} has no go command': '{toolchainName} 的 zip 中没有 go 命令',
  'cannot unpack Go into {path}: {why}': '无法将 Go 解包到 {path}：{why}',
  'name a folder that you may write to: --dir DIR': '请指定可写的目录：--dir DIR',
  'what was unpacked of {version} is not what the checksum database knows':
    '从 {version} 解包出的内容与校验和数据库所知的不同',
  'expected {h1}': '预期为 {h1}',
  'found {h1}': '实际为 {h1}',
  'the zip of {version} in the copy cannot be unpacked: {why}': '无法解包副本中 {version} 的 zip：{why}',
  '{word} is a version, where the folder belongs': '{word} 是版本，而此处应为目录',
  'rondo cache export FOLDER {word}; if that is the folder: ./{word}':
    'rondo cache export FOLDER {word}；如果它就是目录：./{word}',
  '{where}: {key} = {path}: {why}': '{where}：{key} = {path}：{why}',
  "no project's .goproxy in {cwd} or above it": '{cwd} 及其上级目录中没有项目的 .goproxy',
  'rondo config trust FILE; your own, and one that --config names, need no trust':
    'rondo config trust FILE；您自己的文件和 --config 指定的文件无需信任',
  '--config {foreign} reads it nevertheless': '--config {foreign} 仍可读取它',
  'interrupted; what was done is whole, and the rest is as it was':
    '已中断；已完成的部分是完整的，其余保持原样',
  'the same command again {what}': '再次运行同一命令{what}',
  'no mirror of the chain is called {named}': '链中没有名为 {named} 的镜像',
  'one of {list}': '可选：{list}',
  'SHELL names {named}, whose lines are not known': 'SHELL 是 {named}，不知道它的写法',
  'rondo env --shell {list}': 'rondo env --shell {list}',
  'there is no Go: none on PATH, and none that Rondo has installed':
    '没有 Go：PATH 中没有，Rondo 也没有安装过',
  'rondo toolchain install {version}': 'rondo toolchain install {version}',
  'cannot read {file}: {why}': '无法读取 {file}：{why}',
  'rondo env >> {file}, once you may write there': '获得写入权限后：rondo env >> {file}',
  '{message}{why}': '{message}{why}',
  '--set does not take server.listen': '--set 不接受 server.listen',
  '--set does not take proxy: the chain has levels of its own': '--set 不接受 proxy：链有自己的层级',
  'GOPROXY_OVERRIDE={text} rondo …': 'GOPROXY_OVERRIDE={text} rondo …',
  '--set does not take the keys of a mirror': '--set 不接受镜像的键',
  'write them below [mirror "…"] into a .goproxy, and name that with --config':
    '请写入 .goproxy 的 [mirror "…"] 下，并用 --config 指定该文件',
  '{word} names no folder of this machine': '{word} 不是本机的目录',
  'write file:///path/to/folder, or the path alone': '请写 file:///path/to/folder，或只写路径',
  'name one, or go to the folder of a project': '请指定一个，或进入项目目录',
  'cannot read {path}: {code}': '无法读取 {path}：{code}',
  'name a go.sum, or the folder of a project that has one': '请指定 go.sum，或含有它的项目目录',
  '{path}: {message}': '{path}：{message}',
  'mend that line, or take the file back from version control': '请修正该行，或从版本控制中恢复该文件',
  'go env -w failed: {problem}': 'go env -w 失败：{problem}',
  'there is no folder {dirname}': '没有目录 {dirname}',
  'mkdir -p {dirname}': 'mkdir -p {dirname}',
  '{path} is a folder': '{path} 是目录',
  'cannot write {path}: {why}': '无法写入 {path}：{why}',
  'make {dirname} a folder that you can write to, or name another file with --config':
    '请使 {dirname} 可写，或用 --config 指定其他文件',
  'there is already a {path}': '{path} 已存在',
  'rondo init --force (the old one is kept as {basename}.bak)':
    'rondo init --force（旧文件保存为 {basename}.bak）',
  '{origin} names the mirrors, and you have not trusted it': '镜像由 {origin} 指定，而您尚未信任它',
  'rondo config trust, if you trust it; else remove it, or name your mirrors in GOPROXY_OVERRIDE':
    '如果信任它：rondo config trust；否则请删除它，或在 GOPROXY_OVERRIDE 中写明镜像',
  'the chain in force ({origin}) names no mirror, and no public one is to be added':
    '当前的链（{origin}）没有镜像，也未要求加入公共镜像',
  'rondo init --add-public, or name your mirrors in GOPROXY':
    'rondo init --add-public，或在 GOPROXY 中写明镜像',
  'no mirror has answered; nothing was written': '没有镜像应答；未写入任何内容',
  'is the network up, and does it need HTTPS_PROXY? Behind a firewall name a mirror of yours: GOPROXY=https://… rondo init':
    '网络是否正常，是否需要 HTTPS_PROXY？在防火墙之后请指定自己的镜像：GOPROXY=https://… rondo init',
  'no mirror of the chain has answered': '链中没有镜像应答',
  'is the network up, and does it need HTTPS_PROXY? Other mirrors: rondo init':
    '网络是否正常，是否需要 HTTPS_PROXY？换用其他镜像：rondo init',
  'rondo serve, or rondo init to choose mirrors': 'rondo serve，或用 rondo init 选择镜像',
  'for example example.com/mod@v1.2.3': '例如 example.com/mod@v1.2.3',
  '{version} is not a version in full, like v1.2.3': '{version} 不是完整的版本号，如 v1.2.3',
  "'{setting}' is nothing that can be set on a running server": "'{setting}' 不能在运行中的服务器上设置",
  'rondo mirrors set {name} weight=20, or weight=configured':
    'rondo mirrors set {name} weight=20，或 weight=configured',
  'the server at {url} refuses: {words}': '位于 {url} 的服务器拒绝：{words}',
  'the server at {url} refuses: {words}; asking the mirrors':
    '位于 {url} 的服务器拒绝：{words}；正在询问镜像',
  'its [server] admin_token must be known here: by --config, or RONDO_SERVER_ADMIN_TOKEN':
    '此处须知道它的 [server] admin_token：用 --config 或 RONDO_SERVER_ADMIN_TOKEN 提供',
  'rondo mirrors shows their names': 'rondo mirrors 会显示它们的名称',
  'no Rondo answers at {href}': '{href} 没有 Rondo 应答',
  'rondo serve; a server elsewhere: --port, --host': 'rondo serve；服务器在别处时：--port、--host',
  '{line} --help': '{line} --help',
  '{named} needs one of {list}': '{named} 需要以下之一：{list}',
  '{named} --help': '{named} --help',
  "unknown command '{word}'": "未知命令 '{word}'",
  'there is no go.mod, go.work or go.sum in {folder}': '{folder} 中没有 go.mod、go.work 或 go.sum',
  'name the folder of a project': '请指定项目目录',
  'there is no go.mod, go.work or go.sum in {cwd} or above it':
    '{cwd} 及其上级目录中没有 go.mod、go.work 或 go.sum',
  'interrupted: nothing more was done': '已中断：没有再做任何事',
  'a certificate without --tls would not be used': '没有 --tls 时不会使用证书',
  'add --tls': '请加上 --tls',
  '--tls needs a certificate and its key: --cert FILE --key FILE':
    '--tls 需要证书和私钥：--cert FILE --key FILE',
  'to make both for this machine: {selfSignedCommand}': '为本机生成两者：{selfSignedCommand}',
  'a Rondo serves at {url} already': '已有 Rondo 在 {url} 提供服务',
  'rondo mirrors shows how it stands; for another one {hint}': 'rondo mirrors 会显示其状态；另开一个：{hint}',
  '{origin} names no mirror (only {end}): there is nothing to stand in front of':
    '{origin} 没有镜像（只有 {end}）：没有可代理的对象',
  'rondo init --add-public, or name the mirrors, e.g. GOPROXY=https://goproxy.cn,direct':
    'rondo init --add-public，或写明镜像，如 GOPROXY=https://goproxy.cn,direct',
  '{word} is no URL': '{word} 不是 URL',
  '--target http://127.0.0.1:7070': '--target http://127.0.0.1:7070',
  'there is no target {word} in the configuration': '配置中没有目标 {word}',
  'for a folder of that name: --target ./{word}; for a bundle: --target {word}.tar.zst':
    '同名目录：--target ./{word}；离线包：--target {word}.tar.zst',
  '--every takes a second at the least': '--every 至少为一秒',
  '--every 5m': '--every 5m',
  'there is no Go {version}: {why}': '没有 Go {version}：{why}',
  '--toolchain {version}': '--toolchain {version}',
  'nothing vouches for Go {version}: GOSUMDB is off for it':
    '没有可为 Go {version} 作证的来源：GOSUMDB 对它不起作用',
  'GOSUMDB=sum.golang.org GONOSUMDB= rondo toolchain install …':
    'GOSUMDB=sum.golang.org GONOSUMDB= rondo toolchain install …',
  'the zip of Go {version} is not in the copy any more': '副本中已没有 Go {version} 的 zip',
  'there is no go, which writes the vendor folder': '没有 go 命令，无法写出 vendor 目录',
  'rondo toolchain install {version} && eval "$(rondo env)"':
    'rondo toolchain install {version} && eval "$(rondo env)"',
  'go does not take the vendor folder of {folder}: {why}': 'go 不接受 {folder} 的 vendor 目录：{why}',
  'go mod tidy, then the same command again': '请先 go mod tidy，然后再次运行同一命令',
  '{value} names no version': '{value} 没有写明版本',
  'rondo why {value}@v1.2.3': 'rondo why {value}@v1.2.3',
} as const;
