/** What serve, exec, init, mirrors and config say. */
export const ZH_RUNNING = {
  interrupted: '已中断',

  // serve
  '{url} (the dashboard, in a browser)': '{url}（在浏览器中打开即为仪表板）',
  'rondo {version}, started in {ms} ms': 'rondo {version}，启动用时 {ms} ms',
  address: '地址',
  mirrors: '镜像',
  from: '来源',
  copy: '副本',
  note: '注意',
  none: '无',
  nothing: '无',
  '{mirrors}, then {end} (by the go command)': '{mirrors}，然后是 {end}（由 go 命令处理）',
  '{dir} (offline: nothing else is asked)': '{dir}（离线：不询问其他来源）',
  '{names} in the environment hides what go env -w sets: unset it where go runs':
    '环境变量 {names} 会覆盖 go env -w 的设置：请在运行 go 的环境中取消设置',
  'Paste this once, and go uses it:': '粘贴执行一次下面这行，go 就会使用它：',
  'Paste these once, and go uses it:': '粘贴执行一次下面几行，go 就会使用它：',
  'finishing what is under way; once more to stop at once': '正在完成进行中的请求；再按一次立即停止',
  'this chain is not kept, since it was kept for another address; name your mirrors in a .goproxy of your own before pasting the line':
    '未保存这条链，因为它是为另一个地址保存的；粘贴该行之前，请在您自己的 .goproxy 中写明镜像',
  'this chain is not kept, since its file is not trusted; name your mirrors in a .goproxy of your own before pasting the line':
    '未保存这条链，因为它所在的文件未受信任；粘贴该行之前，请在您自己的 .goproxy 中写明镜像',
  'the chain could not be kept in {stateDir}: {why}; name it in .goproxy before pasting the line':
    '无法将链保存到 {stateDir}：{why}；粘贴该行之前，请在 .goproxy 中写明它',
  'the chain could not be kept in {stateDir}: {why}': '无法将链保存到 {stateDir}：{why}',
  'take another --port': '请换用其他 --port',
  'others can reach {address}: whoever does can read the copy, and nothing is encrypted; --tls --cert FILE --key FILE encrypts it, --host 127.0.0.1 keeps it to this machine':
    '其他机器可以访问 {address}：任何能访问的人都可读取副本，且传输未加密；--tls --cert FILE --key FILE 可加密，--host 127.0.0.1 可仅限本机访问',
  'no host': '没有主机名',
  'the certificate is for {names}: go refuses it for {host}': '证书属于 {names}：go 不会接受它用于 {host}',
  "nobody vouches for the certificate: where go runs, add {certFile} to the system's roots, or on Unix set SSL_CERT_FILE to it":
    '没有机构为该证书担保：请在运行 go 的机器上把 {certFile} 加入系统根证书，或在 Unix 上将 SSL_CERT_FILE 指向它',
  'the certificate in {file} is not valid before {day}, and go refuses it until then: is the clock right?':
    '{file} 中的证书在 {day} 之前无效，届时之前 go 会拒绝它：系统时钟是否正确？',
  'the certificate in {file} has expired on {day}, and go refuses it: replace the file, and it is used at once':
    '{file} 中的证书已于 {day} 过期，go 会拒绝它：替换该文件后立即生效',
  'the certificate in {file} expires on {day}: replace the file, and it is used at once':
    '{file} 中的证书将于 {day} 过期：替换该文件后立即生效',
  'the certificate in use stays: {why}': '继续使用当前证书：{why}',
  'the certificate was replaced; the new one is valid until {until}': '证书已替换；新证书有效期至 {until}',

  // how long something is
  '{count} ms': '{count} 毫秒',
  '{count} s': '{count} 秒',
  '{count} min': '{count} 分钟',
  '{count} h': '{count} 小时',
  '{count} d': '{count} 天',
  'RONDO_SERVER_LISTEN={text} rondo …': 'RONDO_SERVER_LISTEN={text} rondo …',

  // exec
  '{origin} names no mirror (only {end}): {name} runs without Rondo':
    '{origin} 没有镜像（只有 {end}）：{name} 将不经过 Rondo 运行',
  '{count} more of these; RONDO_LOG_REQUESTS=on shows them all':
    '还有 {count} 条类似信息；RONDO_LOG_REQUESTS=on 可全部显示',
  'nothing is fetched ahead: {why}': '未提前下载：{why}',
  'there is no command {name}': '没有命令 {name}',
  'a program and its arguments stand behind --; for a shell line: sh -c "…"':
    '程序及其参数写在 -- 之后；如需 shell 命令行：sh -c "…"',
  '{name} cannot be run': '无法运行 {name}',
  'is it a program, and may you execute it?': '它是程序吗？您有执行权限吗？',
  '{count} request': '{count} 个请求',
  '{count} requests': '{count} 个请求',
  '{count} from the copy': '{count} 个来自副本',
  '{count} from {names}': '{count} 个来自 {names}',
  '{name} ({count})': '{name}（{count}）',
  '{count} not there': '{count} 个不存在',
  '{count} failed': '{count} 个失败',
  '{count} failed over': '{count} 次换用其他镜像',
  '{count} file fetched ahead': '提前下载 {count} 个文件',
  '{count} files fetched ahead': '提前下载 {count} 个文件',
  '{count} resumed': '{count} 次续传',
  '{count} wrong and refused': '{count} 个内容错误并被拒绝',
  'THE CHECKSUM DATABASE IS IN DOUBT': '校验和数据库存疑',
  'nothing upstream answered, and go takes the vendor folder as it is: {command}':
    '上游均无应答，而 go 可直接使用现有的 vendor 目录：{command}',
  'nothing upstream answered, and the copy has all that go.sum names: {command}':
    '上游均无应答，而副本包含 go.sum 列出的全部内容：{command}',
  'nothing upstream answered, and the copy lacks {count} file of go.sum; when the network is back: {sync}; to see what is wrong: {doctor}':
    '上游均无应答，且副本缺少 go.sum 中的 {count} 个文件；网络恢复后：{sync}；查看原因：{doctor}',
  'nothing upstream answered, and the copy lacks {count} files of go.sum; when the network is back: {sync}; to see what is wrong: {doctor}':
    '上游均无应答，且副本缺少 go.sum 中的 {count} 个文件；网络恢复后：{sync}；查看原因：{doctor}',
  'nothing upstream answered; to see what is wrong: {doctor}': '上游均无应答；查看原因：{doctor}',

  // init
  MIRROR: '镜像',
  RESULT: '结果',
  'FIRST BYTE': '首字节',
  'AT FIRST': '首次',
  CERTIFICATE: '证书',
  SYNCED: '同步',
  CHAIN: '链',
  'in force': '当前链',
  'asking …': '询问中 …',
  works: '可用',
  reached: '可达',
  failed: '失败',
  '{span} ago': '{span}前',
  'asking {count} mirror, in five seconds at the most': '正在询问 {count} 个镜像，最多五秒',
  'asking {count} mirrors, in five seconds at the most': '正在询问 {count} 个镜像，最多五秒',
  '{name}: {what}': '{name}：{what}',
  'first byte {time}': '首字节 {time}',
  'at first {time}': '首次 {time}',
  'synchronised {span} ago': '{span}前同步',
  '{what} ({trouble})': '{what}（{trouble}）',
  '{detail}: {words}': '{detail}：{words}',
  '{failures} of {asked} times it failed: {detail}': '{asked} 次中失败 {failures} 次：{detail}',
  'wrote {path}, and trusts it: proxy = {proxy}': '已写入 {path} 并信任它：proxy = {proxy}',
  'only one mirror stands in it: nothing takes over when that one fails; add others to proxy':
    '其中只有一个镜像：它失败时没有镜像可以接替；请在 proxy 中加入其他镜像',
  'interrupted: {path} is written, and nothing more was done': '已中断：{path} 已写入，没有再做其他事',
  'what was there is kept as {path}': '原有内容保存为 {path}',
  'no public mirror joins a chain that was chosen (--add-public lets them): {names} would see every module path that GOPRIVATE does not name':
    '不会把公共镜像加入您选定的链（--add-public 可加入）：否则 {names} 会看到 GOPRIVATE 未列出的所有模块路径',
  'Add public mirrors to the chain in force ({origin})? {names} would see every module path that GOPRIVATE does not name.':
    '是否将公共镜像加入当前的链（{origin}）？{names} 将会看到 GOPRIVATE 未列出的所有模块路径。',
  'credentials are not written: put those of {names} into netrc (rondo config docs)':
    '不会写入凭据：请将 {names} 的凭据放入 netrc（rondo config docs）',
  'weight, tier and match of {names} are not taken over: copy their sections from {path}':
    '不会沿用 {names} 的 weight、tier 和 match：请从 {path} 复制它们的节',
  'GOPROXY in the environment comes before the file: unset it where Rondo is to use the file':
    '环境变量 GOPROXY 优先于该文件：如需 Rondo 使用该文件，请取消设置它',
  'Next: {command}': '下一步：{command}',
  'Let go use Rondo from now on ({commands})? Builds then need a running Rondo.':
    '今后让 go 使用 Rondo 吗（{commands}）？之后构建时需要 Rondo 正在运行。',
  'there is no go on PATH': 'PATH 中没有 go',
  'go uses Rondo from now on': '今后 go 会使用 Rondo',
  'So that go uses it: {commands}': '让 go 使用它：{commands}',

  '… {count} more line': '… 还有 {count} 行',
  '… {count} more lines': '… 还有 {count} 行',

  // mirrors
  STATE: '状态',
  FOR: '持续',
  SCORE: '得分',
  WEIGHT: '权重',
  LAG: '滞后',
  GATE: '闸门',
  'It is offline and asks none of them': '它处于离线状态，不询问任何镜像',
  'Mirrors of {origin}, as the server at {url} sees them': '{origin} 的镜像状态，来自 {url} 的服务器',
  'Mirrors of {origin}, probed by this command': '{origin} 的镜像状态，由本命令探测',
  'no Rondo answers at {url}; asking the mirrors (a server elsewhere: --port, --host)':
    '{url} 没有 Rondo 应答；正在直接询问镜像（服务器在别处时：--port、--host）',
  'no Rondo answers at {url}, and the chain in force ({origin}) names no mirror':
    '{url} 没有 Rondo 应答，且当前的链（{origin}）没有镜像',
  'has not answered yet': '尚未应答',
  'next: {words}': '接下来：{words}',
  'next: {words}, in {span}': '接下来：{words}，{span}后',
  '{share} of its weight is left for small files': '小文件的权重降为 {share}',
  '{share} for zips': 'zip 为 {share}',
  'weight {now} by an order, {configured} as configured': '按指令权重为 {now}，配置为 {configured}',
  'slower than others: {what}': '比其他镜像慢：{what}',
  'busy: {waiting} requests wait for it, which is all that it is given':
    '繁忙：已有 {waiting} 个请求在等待它，达到上限',
  'last failure {ago} ago: {words}; who mends it: {who}': '最近一次失败在 {ago}前：{words}；由谁解决：{who}',
  'last failure {ago} ago: {detail}: {words}; who mends it: {who}':
    '最近一次失败在 {ago}前：{detail}：{words}；由谁解决：{who}',

  // where a chain comes from
  '{kept} ({origin} names only Rondo)': '{kept}（{origin} 只指向 Rondo）',
  'the chain kept from {address}': '为 {address} 保存的链',
  'the built-in list and $GOROOT/go.env': '内置列表和 $GOROOT/go.env',
  'the built-in list': '内置列表',
  'environment {name}': '环境变量 {name}',
  'file {path}': '文件 {path}',

  // config, and what is wrong in a configuration that works
  '{path}: ok': '{path}：正常',
  'there is no such file': '没有这个文件',
  'it cannot be read: {why}': '无法读取：{why}',
  '{path} is trusted already': '{path} 已受信任',
  '{path} is trusted until it changes; none of its keys was ignored':
    '{path} 在内容改变之前受信任；它的键原本都没有被忽略',
  '{path} is trusted until it changes; what was ignored until now counts:':
    '{path} 在内容改变之前受信任；此前被忽略的内容现已生效：',
  '{path} is a link and is ignored': '{path} 是链接，已忽略',
  '{path} belongs to another user and is ignored': '{path} 属于其他用户，已忽略',
  '{problem}: it is not used': '{problem}：未使用它',
  '{path} is not a {what} that this Rondo can read ({why})':
    '{path} 不是此版本 Rondo 能读取的{what}（{why}）',
  "another version of Rondo's": '属于其他版本的 Rondo',
  'list of trusted files': '受信任文件列表',
  'list of kept chains': '已保存的链的列表',
  'no credentials from {path}: {why}': '未能从 {path} 取得凭据：{why}',
  '{what} (mend it with: {hint})': '{what}（解决方法：{hint}）',
  '{origin}: {url} is Rondo itself and skipped': '{origin}：{url} 就是 Rondo 自身，已跳过',
  '{origin}: {words} stands behind {end}, where go stops reading: never asked':
    '{origin}：{words} 位于 {end} 之后，go 不会读到那里：不会询问',
  'the mirrors of a file that is not trusted are used: {mirrors} ({origin})':
    '使用了未受信任文件中的镜像：{mirrors}（{origin}）',
  "the mirrors of a file that is not trusted are used: {mirrors}; not its {end}, which is not the user's ({origin})":
    '使用了未受信任文件中的镜像：{mirrors}；未采用其中的 {end}，因为它不是用户的选择（{origin}）',
  'no chain was kept for {names} of {origin}; used is {kept}: {mirrors}':
    '没有为 {origin} 中的 {names} 保存过链；使用的是{kept}：{mirrors}',
  'if you trust it: rondo config trust; if not, name the mirrors in GOPROXY':
    '如果信任它：rondo config trust；否则请在 GOPROXY 中写明镜像',
  '{name} stands twice in the list': '{name} 在列表中出现两次',
  '{name}: its credentials travel in clear, over http': '{name}：其凭据通过 http 明文传输',
  'give [mirror {name}] a url, or call it by host and path as proxy does':
    '请为 [mirror {name}] 写明 url，或像 proxy 那样用主机和路径称呼它',
  'did you mean [mirror {name}]?': '您是指 [mirror {name}] 吗？',
  'insecure = true: anybody on the way can answer for your mirrors':
    'insecure = true：途中的任何人都可以冒充您的镜像应答',
  'verify mode = off: modules are not checked against the checksum database':
    'verify mode = off：模块不会与校验和数据库核对',
  'skipsum = true: modules are not checked against the checksum database':
    'skipsum = true：模块不会与校验和数据库核对',
  '{file} is not trusted: ignored {keys} (`rondo config trust` takes all of it)':
    '{file} 未受信任：已忽略 {keys}（`rondo config trust` 可采用全部内容）',
  '{name} is not a URL and is ignored, as go ignores it': '{name} 不是 URL，与 go 一样忽略它',
  '{name} has the scheme {scheme}; it is taken as an HTTP proxy, as go takes it (http, https, socks5 and socks5h have a meaning)':
    '{name} 的协议是 {scheme}；与 go 一样当作 HTTP 代理（有意义的协议是 http、https、socks5 和 socks5h）',
  'the flag is --offline': '对应的选项是 --offline',
  'the flag is --config FILE': '对应的选项是 --config FILE',
  'the mirrors are set by GOPROXY_OVERRIDE or GOPROXY': '镜像由 GOPROXY_OVERRIDE 或 GOPROXY 设置',
  'it is part of {name}': '它是 {name} 的一部分',
  'there is no variable {name}': '没有变量 {name}',
  'did you mean {names}?': '您是指 {names} 吗？',

  // the configuration read again
  'an order': '收到指令',
  'a file has changed': '文件已更改',
  'the configuration in use stays: {why}': '继续使用当前配置：{why}',
  'the configuration was read again ({cause}); nothing has changed': '已重新读取配置（{cause}）；没有变化',
  'the configuration was read again ({cause}); changed: {changed}':
    '已重新读取配置（{cause}）；变化：{changed}',
  'needs a restart, and is as it was until then: {keys}': '需要重新启动，在此之前保持原样：{keys}',
  '{count} more': '另有 {count} 项',
  'mirror {name} is new': '新增镜像 {name}',
  'mirror {name} is gone': '移除镜像 {name}',
  'mirror {before} is called {name}': '镜像 {before} 改名为 {name}',
  'the end of the chain': '链的结尾',
  'the trust in the chain': '链的信任状态',
  'the credentials of {name}': '{name} 的凭据',
  '{what} ({hint})': '{what}（{hint}）',
  '{what}: {why}': '{what}：{why}',
} as const;
