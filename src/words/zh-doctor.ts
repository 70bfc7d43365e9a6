/** What doctor, toolchain, env and completion say. */
export const ZH_DOCTOR = {
  'there is no completion for {shell}': '没有适用于 {shell} 的补全脚本',
  // doctor
  examining: '正在检查',
  ANSWER: '应答',
  RATE: '速率',
  ADDRESS: '地址',
  'all is well': '一切正常',
  '{count} finding': '{count} 个问题',
  '{count} findings': '{count} 个问题',
  'fix: {fix}': '解决：{fix}',
  reachable: '可达',
  'go: not found': 'go：未找到',
  '{version} {platform}, {command}; GOROOT {goroot}; GOPATH {gopath}':
    '{version} {platform}，{command}；GOROOT {goroot}；GOPATH {gopath}',
  default: '默认',
  'the environment': '环境变量',
  '{setting} ({where}): {means}': '{setting}（{where}）：{means}',
  'direct: {sample} came from its own repository': 'direct：已从源代码仓库取得 {sample}',
  'direct: {sample} came from its own repository, and is the same at {mirrors}':
    'direct：已从源代码仓库取得 {sample}，与以下镜像内容一致：{mirrors}',
  'offline: the copy has all {needed} files that go.sum names':
    '离线：副本包含 go.sum 所列的全部 {needed} 个文件',
  'offline: the copy has {held} of {files} that go.sum names; for the rest: rondo sync':
    '离线：go.sum 所列的{files}中，副本已有 {held} 个；补齐其余文件：rondo sync',
  'mend that line; to see all mistakes of a file: rondo config check FILE':
    '请修正该行；查看文件中的全部错误：rondo config check FILE',
  'nothing of it can be mended by itself; see the lines that begin with fix':
    '没有可以自动修复的问题；请参见以“解决”开头的各行',
  '{what}. {command}?': '{what}。是否运行 {command}？',
  'left as it is: {what} (--yes mends it)': '保持原样：{what}（--yes 会修复它）',
  'left as it is: {what}': '保持原样：{what}',
  'done: {command}': '已完成：{command}',
  '{command} failed: {why}': '{command} 失败：{why}',
  '! finding: {what}': '! 问题：{what}',
  '- note: {what}': '- 提示：{what}',
  '{count} note': '{count} 条提示',
  '{count} notes': '{count} 条提示',
  'mend it where your shell sets it, then: rondo doctor':
    '请在 shell 中设置它的地方改正，然后运行：rondo doctor',
  // one mirror, phase by phase
  'connected after {time}': '连接用时 {time}',
  'secured after {time}': '加密握手用时 {time}',
  'first byte after {time}': '首字节用时 {time}',
  '{protocol}, trusted': '{protocol}，可信',
  '{protocol}, not trusted: {why}': '{protocol}，不可信：{why}',
  '{subject}, by {issuer}, {from} to {until}': '{subject}，由 {issuer} 签发，{from} 至 {until}',
  'chain {chain}': '证书链 {chain}',
  'no date': '无日期',
  '{size} in {time}': '{size}，用时 {time}',
  '{size} in {time}, {rate}/s': '{size}，用时 {time}，{rate}/s',
  'it is a folder': '它是一个目录',
  'its URL has an address': '其 URL 中直接写了地址',
  'a proxy looks it up': '由代理解析',
  '{status} from {place}': '{status}，来自 {place}',
  '{status} from {place}: {headers}': '{status}，来自 {place}：{headers}',
  // what go's settings mean
  'neither go.mod nor any proxy is used': '既不使用 go.mod，也不使用任何代理',
  'modules are used where there is a go.mod': '有 go.mod 时使用模块',
  'modules are used everywhere': '始终使用模块',
  'no flags are added': '不附加任何标志',
  'added to every go command that knows them': '附加到每个支持这些标志的 go 命令',
  'no module is compared with a checksum database': '任何模块都不与校验和数据库比对',
  'every public module is compared with {database}': '每个公开模块都与 {database} 比对',
  'no module is private': '没有私有模块',
  'no mirror and no checksum database hears of these': '不会向任何镜像或校验和数据库透露这些模块',
  'mirrors may hear of every module': '可以向镜像请求任何模块',
  'no mirror hears of these': '不会向任何镜像透露这些模块',
  'every module is compared with the checksum database': '每个模块都与校验和数据库比对',
  'no checksum database hears of these': '不会向任何校验和数据库透露这些模块',
  'these may be fetched without TLS': '允许不使用 TLS 获取这些模块',
  'the go that is installed is used, whatever go.mod asks for': '无论 go.mod 要求什么，都使用已安装的 go',
  'which toolchain go runs, and whether it fetches another': '决定 go 运行哪个工具链，以及是否下载其他版本',
  'go takes no such list': 'go 不接受这样的列表',
  'nothing is downloaded': '不下载任何内容',
  'every module comes from its own repository': '每个模块都取自其源代码仓库',
  'asked in this order: {names}': '依次询问：{names}',
  'asked in this order: {names}, and at last the repository of each module':
    '依次询问：{names}，最后是各模块的源代码仓库',
  // Go itself
  'there is no go command on PATH': 'PATH 中没有 go 命令',
  'PATH has {count} folder, and go is not in it': 'PATH 中有 {count} 个目录，其中没有 go',
  'PATH has {count} folders, and go is in none of them': 'PATH 中有 {count} 个目录，其中都没有 go',
  'eval "$(rondo env)"   (Go {version} is installed)': 'eval "$(rondo env)"   （已安装 Go {version}）',
  'the go command is there, and does not say what its settings are': '有 go 命令，但它无法给出自己的设置',
  'see what it says: go env': '查看其输出：go env',
  'go is {command}': 'go 是 {command}',
  'what go install has installed is not on PATH': 'go install 安装的程序不在 PATH 中',
  '{bin} has programs, and PATH has not {bin}': '{bin} 中有程序，但 PATH 不包含 {bin}',
  'export PATH="$PATH:{bin}"   (in every shell: rondo env --write)':
    'export PATH="$PATH:{bin}"   （对所有 shell 生效：rondo env --write）',
  'GOROOT names no Go': 'GOROOT 指向的目录中没有 Go',
  'GOROOT names another Go than the one on PATH, whose compiler may not be the one that go expects':
    'GOROOT 指向的 Go 与 PATH 中的不同，其编译器可能与 go 命令不匹配',
  'go is on PATH, and gofmt, which belongs to it, is not': 'go 在 PATH 中，而同属一套的 gofmt 不在',
  'GO111MODULE=off: go uses neither go.mod nor any proxy':
    'GO111MODULE=off：go 既不使用 go.mod，也不使用任何代理',
  'GOSUMDB=off: nothing proves that a module is the one that everybody else has':
    'GOSUMDB=off：无法证明所用的模块与其他人的相同',
  '{name}=* makes every module private': '{name}=* 会使所有模块都成为私有模块',
  'GOFLAGS has -insecure, which go does not know any more': 'GOFLAGS 中有 go 已不再支持的 -insecure',
  'GOPROXY is no list of proxies': 'GOPROXY 不是合法的代理列表',
  'GOPROXY=off: go downloads nothing': 'GOPROXY=off：go 不下载任何内容',
  'GOPROXY=direct: every module comes from its own repository': 'GOPROXY=direct：每个模块都取自其源代码仓库',
  'the mirrors of GOPROXY stand in for each other after 404 alone: one that answers 503, or hangs, breaks the build':
    'GOPROXY 中的镜像只有返回 404 时才会换下一个：任何一个返回 503 或没有响应，构建就会失败',
  'rondo exec -- go build ./...   (or for good: rondo init --set-go-env, and rondo serve)':
    'rondo exec -- go build ./...   （长期使用：rondo init --set-go-env，再运行 rondo serve）',
  '{name} in the environment hides what go env -w has written': '环境变量 {name} 覆盖了 go env -w 写入的设置',
  'unset {name}, or: go env -u {name}': 'unset {name}，或：go env -u {name}',
  '{setting} in the environment': '{setting}（环境变量）',
  '{setting} by go env -w': '{setting}（由 go env -w 写入）',
  '{setting} by GOROOT/go.env': '{setting}（来自 GOROOT/go.env）',
  '{setting} by default': '{setting}（默认值）',
  'the entries of GOPROXY need a comma between them: go knows no semicolon and no space':
    'GOPROXY 的各项之间须用逗号分隔：go 不识别分号和空格',
  'GOPROXY names {place}, and nobody listens there': 'GOPROXY 指向 {place}，但那里没有服务监听',
  'go says: dial tcp {place}: connect: connection refused':
    'go 会报错：dial tcp {place}: connect: connection refused',
  '{serve}   (or, to do without Rondo: {unset})': '{serve}   （如不使用 Rondo：{unset}）',
  // the project
  'a file of this project turns the checksum database off': '本项目的一个文件关闭了校验和数据库',
  'a file of this project keeps every module from the checksum database':
    '本项目的一个文件使所有模块都不经过校验和数据库',
  'a file of this project makes every module private': '本项目的一个文件使所有模块都成为私有模块',
  'a file of this project sets -insecure, which go does not know any more':
    '本项目的一个文件设置了 go 已不再支持的 -insecure',
  'a file of this project has a chain of mirrors that stand in for each other after 404 alone':
    '本项目的一个文件中有一条链，其中的镜像只有返回 404 时才会换下一个',
  'run go there through Rondo: rondo exec -- go build ./...':
    '请在那里通过 Rondo 运行 go：rondo exec -- go build ./...',
  'take that out': '请去掉该设置',
  'the vendor folder is not what go.mod says': 'vendor 目录与 go.mod 不一致',
  'go.mod: {module} {version}; vendor: nothing': 'go.mod：{module} {version}；vendor：无',
  'go.mod: {module} {version}; vendor: {vendored}': 'go.mod：{module} {version}；vendor：{vendored}',
  // mirrors
  '{name}: {what}': '{name}：{what}',
  'the hosts file of this machine says where it is, and not DNS': '其地址由本机的 hosts 文件指定，而不是 DNS',
  'take the line out, unless you put it there on purpose': '如果不是有意添加的，请删除该行',
  'its name has no address': '其域名没有地址',
  'check the spelling of the name, then the name server of this network':
    '请检查域名拼写，再检查本网络的 DNS 服务器',
  'DNS leads its name to a private address: a captive portal, or a name server that answers for others':
    'DNS 将其域名解析到私有地址：可能是强制门户，或 DNS 服务器被劫持',
  '{host} is {address}': '{host} 的地址是 {address}',
  'ask another name server, or log in to the network': '请换用其他 DNS 服务器，或登录网络',
  'its certificate has expired': '其证书已过期',
  'tell whoever runs it; is the clock of this machine right?': '请联系其维护者，并确认本机时钟是否正确',
  'its certificate is not valid yet': '其证书尚未生效',
  'check the clock of this machine: date': '请检查本机时钟：date',
  'its certificate is for another name': '其证书属于另一个域名',
  'check the URL; somebody else may answer in its place': '请检查 URL；可能有他人冒充它应答',
  'its certificate is signed by nobody whom this machine trusts': '其证书不是由本机信任的 CA 签发的',
  'if it is yours: tls_ca in the configuration, or SSL_CERT_FILE':
    '如果是您自己的证书：在配置中设置 tls_ca，或设置 SSL_CERT_FILE',
  'its certificate cannot be trusted': '其证书不可信',
  'if its authority is yours: SSL_CERT_FILE names its root':
    '如果 CA 是您自己的：用 SSL_CERT_FILE 指定其根证书',
  'no certificate is where {name} leads': '{name} 指向的位置没有证书',
  'no certificate is where SSL_CERT_FILE and SSL_CERT_DIR lead':
    'SSL_CERT_FILE 和 SSL_CERT_DIR 指向的位置没有证书',
  'its certificate ends soon': '其证书即将到期',
  'tell whoever runs it': '请联系其维护者',
  'an authority of this machine alone vouches for it: somebody on the way opens its TLS':
    '签发证书的 CA 仅受本机信任：途中可能有人在解密 TLS',
  'ask whoever runs this network; the checksum database still proves every module':
    '请询问本网络的管理者；校验和数据库仍会验证每个模块',
  'subject {subject}; for {names}': '主体 {subject}；适用于 {names}',
  'issuer {issuer}; chain {chain}': '签发者 {issuer}；证书链 {chain}',
  'valid from {from} to {until}; here it is {now}': '有效期 {from} 至 {until}；本机时间 {now}',
  'check port and scheme in its URL; Rondo asks the others meanwhile':
    '请检查其 URL 中的端口和协议；在此期间 Rondo 会使用其他镜像',
  'a firewall drops it: try another network, or a proxy (HTTPS_PROXY)':
    '数据包被防火墙丢弃：请换用其他网络，或使用代理（HTTPS_PROXY）',
  'log in to this network in a browser, then try again': '请在浏览器中登录本网络，然后重试',
  'tell whoever runs it; Rondo asks the others meanwhile': '请联系其维护者；在此期间 Rondo 会使用其他镜像',
  'wait; a Rondo in front of all builds asks for each file once':
    '请稍候；让所有构建都经过同一个 Rondo，每个文件就只会请求一次',
  'take the address of Rondo out of its own chain': '请把 Rondo 的地址从它自己的链中去掉',
  'check HTTPS_PROXY, HTTP_PROXY and NO_PROXY': '请检查 HTTPS_PROXY、HTTP_PROXY 和 NO_PROXY',
  'check the network of this machine': '请检查本机网络',
  'it failed in a way that has no name': '失败原因未知',
  'who can mend it: {who}; Rondo asks the others meanwhile': '需由{who}处理；在此期间 Rondo 会使用其他镜像',
  'it has another file than the checksum database knows': '它提供的文件与校验和数据库的记录不符',
  'it has {h1}': '它的哈希是 {h1}',
  'the right one is {h1}': '正确的哈希是 {h1}',
  'it has another file for {name} than go.sum of this project':
    '它提供的 {name} 文件与本项目 go.sum 的记录不符',
  'go.sum has {h1}': 'go.sum 中的哈希是 {h1}',
  'it has another file for {name} than most mirrors': '它提供的 {name} 文件与多数镜像不同',
  'most have {h1}': '多数镜像的哈希是 {h1}',
  'take it out of the chain, and tell whoever runs it': '请把它从链中去掉，并联系其维护者',
  'it sends far slower than the others': '它的传输速度远低于其他镜像',
  '{rate} KiB/s here, {best} KiB/s from the fastest one': '它为 {rate} KiB/s，最快的镜像为 {best} KiB/s',
  'Rondo gives it less to do by itself; a lower weight says so at once: rondo mirrors set NAME weight=1':
    'Rondo 会自动减少对它的请求；降低权重可立即生效：rondo mirrors set NAME weight=1',
  'it last looked for new versions {count} minutes ago': '它上次检查新版本是在 {count} 分钟前',
  'its own word: {time}': '镜像自报的时间：{time}',
  'Rondo asks the others for what is new; tell whoever runs it':
    'Rondo 会向其他镜像查询新版本；请联系其维护者',
  '{host}: {why}': '{host}：{why}',
  'check port and scheme in its URL; to add other mirrors: rondo init':
    '请检查其 URL 中的端口和协议；添加其他镜像：rondo init',
  'tell whoever runs it; to add other mirrors: rondo init': '请联系其维护者；添加其他镜像：rondo init',
  'who can mend it: {who}; to add other mirrors: rondo init': '需由{who}处理；添加其他镜像：rondo init',
  // repositories
  'it asks for a login': '它要求登录',
  'no mirror works, and repositories cannot be reached from here either':
    '没有可用的镜像，而且从本机也无法访问源代码仓库',
  'repositories cannot be reached from here: what no mirror has is not to be had':
    '从本机无法访问源代码仓库：镜像都没有的内容将无法取得',
  '{sample}, asked of its own repository: {why}': '向源代码仓库请求 {sample}：{why}',
  'a mirror that can be reached from here: rondo init; or a proxy for git: HTTPS_PROXY':
    '改用从本机可以访问的镜像：rondo init；或为 git 设置代理：HTTPS_PROXY',
  'there is no git on PATH, and go needs it to ask repositories':
    'PATH 中没有 git，而 go 需要用它访问源代码仓库',
  'the chain ends with direct: what no mirror has comes from its own repository':
    '链以 direct 结尾：镜像都没有的内容取自其源代码仓库',
  'GOPRIVATE or GONOPROXY names modules that come from their own repositories alone':
    'GOPRIVATE 或 GONOPROXY 所列的模块只能取自其源代码仓库',
  'install git, for example: apt-get install git': '请安装 git，例如：apt-get install git',
  'its repository has {h1}': '源代码仓库的哈希是 {h1}',
  '{name} has {h1}': '{name} 的哈希是 {h1}',
  '{who} and the repository of {sample} have different content': '{who} 与 {sample} 的源代码仓库内容不同',
  'there is no git': '没有 git',
  'go said nothing': 'go 没有任何输出',
  'go printed no JSON': 'go 输出的不是 JSON',
  'go printed more than anybody reads': 'go 的输出过长',
  'no answer within {seconds} s': '{seconds} 秒内没有应答',
  // options
  'do not ask repositories themselves': '不向源代码仓库询问',
  'a version in full; without one: which versions everybody lists': '完整的版本；省略时：比较各方列出的版本',
  'with --write or --undo: do not ask; --undo needs it where nobody can be asked':
    '与 --write 或 --undo 同用：不询问；无法询问时，--undo 必须有它',
  // env and toolchain
  'no shell': '未设置的 shell',
  '{file} has these lines already': '{file} 中已有这些行',
  'written to {file}; a new shell reads it; to take it out: {takeOut}':
    '已写入 {file}；新的 shell 会读取它；撤销：{takeOut}',
  'written to {file}; a login shell reads it; to take it out: {takeOut}':
    '已写入 {file}；登录 shell 会读取它；撤销：{takeOut}',
  'nobody can be asked whether the lines of Rondo may go out of {file}':
    '无法询问是否从 {file} 中移除 Rondo 的行',
  'Remove {file}, which rondo env had made?': '是否删除由 rondo env 创建的 {file}？',
  'Take the lines of Rondo out of {file}?': '是否从 {file} 中移除 Rondo 的行？',
  'there is no Go for {platform}': '没有适用于 {platform} 的 Go',
  '--arch, of which Go has for {os}: {list}': '使用 --arch；Go 支持的 {os} 架构有：{list}',
  '{file} is as it was': '{file} 保持原样',
  'Write these lines to {file}?': '是否将这些行写入 {file}？',
  '{file} has no lines of Rondo': '{file} 中没有 Rondo 的行',
  'taken out of {file}': '已从 {file} 中移除',
  'for this shell: rondo env | source; for every one: rondo env --write':
    '对当前 shell 生效：rondo env | source；对所有 shell 生效：rondo env --write',
  'for this shell: rondo env | Out-String | Invoke-Expression; for every one: rondo env --write':
    '对当前 shell 生效：rondo env | Out-String | Invoke-Expression；对所有 shell 生效：rondo env --write',
  'for this shell: eval "$(rondo env)"; for every one: rondo env --write':
    '对当前 shell 生效：eval "$(rondo env)"；对所有 shell 生效：rondo env --write',
  'installing Go {version}': '正在安装 Go {version}',
  'Go {version} for {platform} is there already': '适用于 {platform} 的 Go {version} 已存在',
  'installed Go {version} for {platform}': '已安装适用于 {platform} 的 Go {version}',
  'to use it in this shell: eval "$(rondo env)"; in every shell: rondo env --write':
    '在当前 shell 中使用：eval "$(rondo env)"；在所有 shell 中使用：rondo env --write',
  'none in {dir}; to install one: rondo toolchain install {version}':
    '{dir} 中没有工具链；安装：rondo toolchain install {version}',
  'it is no version of Go, like {version}': '它不是 Go 的版本（如 {version}）',
  'Go is published as a module from 1.21.0 on': 'Go 从 1.21.0 起才以模块形式发布',
  'it is a version of the language; a toolchain is {version}.0 or later':
    '它是语言版本；工具链应为 {version}.0 或更高',
} as const;
