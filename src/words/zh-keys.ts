/** What the comments of a configuration file say: its keys, and the forms of values. */
export const ZH_KEYS = {
  // the words between the keys
  'Configuration of Rondo. Only what stands here without a ; in front of it is set.':
    'Rondo 的配置。只有行首没有 ; 的内容才生效。',
  'Every other line shows a key with its default; to change one, take the ; away.':
    '其余各行列出配置键及其默认值；如需更改，请去掉行首的 ;。',
  '`rondo config docs` describes all keys, `rondo config check FILE` says whether a file is right.':
    '`rondo config docs` 说明全部配置键，`rondo config check FILE` 检查文件是否正确。',
  'One section a mirror tunes what proxy names, by URL or by name.':
    '每个镜像一节，按 URL 或名称调整 proxy 中列出的镜像。',
  'A section whose URL is not in proxy adds its mirror to the chain.':
    '如果某节的 URL 不在 proxy 中，则把该镜像加入链。',
  'Credentials do not belong into this file: see `rondo config docs`.':
    '请勿把凭据写入本文件：参见 `rondo config docs`。',
  'Where `rondo sync --target prod` brings the modules of a project.':
    '`rondo sync --target prod` 把项目的模块同步到这里。',
  'on {day}: {what}': '{day}：{what}',
  'not in proxy; on {day}: {what}': '不在 proxy 中；{day}：{what}',
  // forms of values
  'a file': '文件',
  'a path such as /golang.org/x/text/@v/list': '路径，例如 /golang.org/x/text/@v/list',
  'patterns as in GOPRIVATE, separated by commas': '与 GOPRIVATE 写法相同的模式，用逗号分隔',
  'a folder, FILE.tar.zst, or the URL of another Rondo': '目录、FILE.tar.zst 或另一个 Rondo 的 URL',
  'the name of an environment variable': '环境变量名',
  'a token of 16 to 512 characters': '16 到 512 个字符的令牌',
  'an http or https URL without a login': '不含登录信息的 http 或 https URL',
  'a program': '程序',
  'a rate such as 10/s or 300/m': '速率，例如 10/s 或 300/m',
  'a whole number from {min} to {max}': '{min} 到 {max} 的整数',
  // before the first section
  'the mirrors, as in GOPROXY': '镜像列表，写法与 GOPROXY 相同',
  'do not check the TLS certificates of mirrors': '不检查镜像的 TLS 证书',
  'do not check the checksum database': '不检查校验和数据库',
  'answer outages with 404, so that go tries ,direct': '镜像故障时回答 404，让 go 继续尝试 ,direct',
  // mirror and target
  'the base URL; without it the section tunes a mirror of proxy': '基础 URL；省略时，本节调整 proxy 中的镜像',
  'its share of the requests': '分得的请求份额',
  'used when no mirror of a lower tier is left to try': '更低层级没有可尝试的镜像时才使用',
  'modules it is asked for; patterns may name private ones': '向它请求哪些模块；模式可以包含私有模块',
  'path of its health check, if not that of [probe]': '健康检查的路径（如果与 [probe] 不同）',
  'the variable that holds user:password': '保存 user:password 的环境变量',
  'the file that holds user:password': '保存 user:password 的文件',
  'the variable that holds a bearer token': '保存 bearer 令牌的环境变量',
  'the file that holds a bearer token': '保存 bearer 令牌的文件',
  'where rondo sync --target NAME brings modules': 'rondo sync --target NAME 把模块同步到哪里',
  // server
  'host:port to serve at': '监听的 host:port',
  'a path in front of every other': '所有路径之前的前缀',
  'how long running requests may take after a stop': '停止后，正在处理的请求最多还可用多久',
  // cache
  'what Rondo keeps of modules takes no more; the longest unused goes first':
    '模块副本的大小上限；最久未用的最先清除',
  'so much of the disk stays free': '磁盘保留的可用空间',
  'modules that never go': '永不清除的模块',
  'small files kept in memory': '保留在内存中的小文件',
  'how long a body is held back to be verified; or whole':
    '为校验而暂不发送内容的最长时间；whole 表示直到完整',
  'lists, @latest and queries are fresh for so long': '版本列表、@latest 和查询结果的有效时间',
  'wait for a newer answer before a stale one': '给出过期应答之前，等待新应答的时间',
  'oldest stale answer to a query': '查询的过期应答最多多旧',
  'a list or @latest that all mirrors answer with 404 for so long is dropped':
    '所有镜像对版本列表或 @latest 回答 404 达到这段时间后，才丢弃已有的应答',
  'no list goes backwards within this time': '在这段时间内，版本列表不会倒退',
  // selection
  'a mirror that answered a module serves it again for so long':
    '在这段时间内，同一模块继续由应答过它的镜像提供',
  'what each failure in a row takes off the score': '每次连续失败扣除的分数',
  'the lowest score': '最低分数',
  'from the lowest score to the full one after a trial': '试探成功后，从最低分恢复到满分的时间',
  'weights that a pin may run ahead of the shares': '固定镜像最多可超出其份额多少权重',
  'so much slower than the best, a pin is ignored': '比最快的镜像慢这么多倍时，忽略固定关系',
  'so much slower than the best, a mirror still has its whole weight':
    '比最快的镜像慢不超过这么多倍时，仍保有全部权重',
  'what is left to the slowest mirror': '最慢的镜像保留的份额',
  'a time after which what was measured counts a third': '经过这段时间后，测量值只按三分之一计',
  // timeouts
  'TCP connect': 'TCP 连接',
  'TLS handshake': 'TLS 握手',
  'no header: start the next mirror': '没有响应头：开始询问下一个镜像',
  'no header: give the attempt up': '没有响应头：放弃这次尝试',
  'no byte of a body': '内容没有任何字节到达',
  'bytes a second at least': '每秒至少多少字节',
  'over which it is measured': '测量该速率的时间窗口',
  'a request, until a body flows': '一个请求直到内容开始传输的时限',
  'one 404 waits for others to agree': '一个 404 等待其他镜像证实的时间',
  // retry
  'before the first revisit; doubles': '首次重试前的等待；逐次加倍',
  'the longest delay': '最长等待',
  'revisits a request': '平均每个请求的重试次数',
  'and a second': '以及每秒的重试次数',
  'a mirror that cut a zip is asked for the rest': '镜像中断 zip 时，继续请求其余部分的次数',
  // hedge and race
  'the first byte is waited for at least': '至少等待首字节多久',
  'and at most, before a second mirror is asked': '询问第二个镜像之前，最多等待多久',
  'the wait until enough answers were seen': '应答样本足够之前的等待时间',
  'so many are enough': '足够的样本数',
  'hedges at once; 0: none at all': '同时进行的对冲请求数；0：不使用',
  'hedges a request in the long run': '长期平均每个请求的对冲次数',
  'no byte of a body for so long; 0s: no races': '内容停顿达到这段时间；0s：不竞速',
  'or less than this share of what the best mirror gives': '或者速率低于最快镜像的这一比例',
  'what that is in a second, where no other mirror is known': '不了解其他镜像时，假定的最快速率（每秒）',
  'so much to go is waited for if it comes within after':
    '剩余部分不超过这么多、且能在 after 之内到达时，继续等待',
  // breaker
  'failures in a row that open the gate, at least': '至少连续失败多少次才断开',
  'and at most, of a mirror that fails often anyway': '对本来就常失败的镜像，最多连续失败多少次',
  'a smaller share of requests that succeed opens it': '请求成功率低于此值时断开',
  'over which that is counted': '统计成功率的时间窗口',
  'if there were so many': '至少有这么多请求时才统计',
  'nobody is charged while this process is so late': '本进程延迟达到此值时，不计任何镜像的失败',
  '503 in a row that open it': '连续多少次 503 后断开',
  'failed probes in a row that open it': '连续多少次探测失败后断开',
  'the first time it is open; doubles': '首次断开的时长；逐次加倍',
  'the longest time it is open': '断开的最长时间',
  'the longest Retry-After that is obeyed': '遵守的 Retry-After 上限',
  'after wrong content; doubles': '内容错误后的隔离时长；逐次加倍',
  // probe
  'between two health checks of a mirror': '同一镜像两次健康检查的间隔',
  'part of the interval that is random': '间隔中随机的部分',
  'a health check takes no longer': '一次健康检查的时限',
  'what is asked for': '探测时请求的路径',
  'a busy module whose list shows which mirrors lag behind':
    '更新频繁的模块，其版本列表用于判断哪些镜像同步滞后',
  'between two looks; 0s: never': '两次查看的间隔；0s：从不查看',
  'who lags so much is asked for fewer lists': '滞后达到此值的镜像，较少向其请求版本列表',
  // connections, early, verify, limits, log
  'open connections a mirror': '每个镜像的连接数上限',
  'an idle one is closed after': '空闲连接的关闭时间',
  'TCP keep-alive': 'TCP 保活',
  'requests without a first byte yet, at least': '尚未收到首字节的请求数：下限',
  'and at most; the limit adapts between the two': '以及上限；实际限制在两者之间自动调整',
  'public mirrors may redirect to private addresses': '公共镜像可以重定向到私有地址',
  'small files asked before go asks for them, at once; 0: none':
    '在 go 请求之前同时预取的小文件数；0：不预取',
  'and in a minute': '以及每分钟的数量',
  'check against the database': '对照校验和数据库检查',
  'ask the database itself where no mirror gives it': '镜像都不提供时，直接询问校验和数据库',
  'longest request target': '请求目标的最大长度',
  'largest request headers': '请求头的最大长度',
  'requests that wait for a mirror; more get 503': '等待镜像的请求数上限；超出时回答 503',
  'one line a request': '每个请求记录一行',
  'least important lines shown': '显示的最低日志级别',
  // [alerts]
  'where alerts are posted, as JSON; never shown': '以 JSON 发送告警的地址；从不显示',
  'the variable that holds that URL': '保存该 URL 的环境变量',
  'the file that holds it': '保存它的文件',
  'the variable that holds the secret they are signed with': '保存告警签名密钥的环境变量',
  'run for each alert, which is on its standard input; without arguments or a shell':
    '每条告警运行一次，告警内容由标准输入给出；不带参数，也不经过 shell',
  'what is told': '要通知哪些情况',
  "a mirror's certificate, or Rondo's own, is valid for less than this":
    '镜像或 Rondo 自身的证书剩余有效期少于此值',
  'a mirror lags more than this': '镜像的同步延迟超过此值',
  'less than this share of the disk is free; 0: never': '磁盘可用空间低于此比例；0：从不',
  'a mirror is down, or lags, for so long before it is told': '镜像故障或落后持续多久后才通知',
  'anything is over for so long before that is told; longer for what comes again and again':
    '恢复持续多久后才通知；反复出现的情况会更久',
  // a client's limits
  'requests a client; a build asks some 50 a second': '每个客户端的请求速率；一次构建每秒约 50 个请求',
  'a client may be so many requests ahead; more are refused': '客户端可以超前的请求数；超出则拒绝',
  'what is ahead is answered at once, instead of in its time': '超前的请求立即回答，而不是按速率等待',
  'the status of what is refused': '拒绝时的状态码',
  'requests of a client under way; more wait, or are refused with nodelay; 0: any number':
    '每个客户端同时进行的请求数；超出则等待，设置 nodelay 时则拒绝；0：不限',
  'connections that clients have open; idle ones make room; unset: 16384, but a third of the open files at the most':
    '客户端的连接数上限；空闲连接先让出位置；未设置时为 16384，但不超过可打开文件数的三分之一',
  'those of one client; unset: half of them': '其中每个客户端的上限；未设置时为一半',
  'clients on this machine are limited too': '本机的客户端同样受限',
  'once set, /-/api and the dashboard ask everybody for it, as Bearer; not shown':
    '设置后，/-/api 和仪表板要求所有人以 Bearer 提供此值；不显示',
  // [telemetry]
  'how long it is remembered how the mirrors served; 0s: not at all':
    '镜像服务情况的历史保留多久；0s：不记录',
  'where traces are sent by OTLP/HTTP, such as http://127.0.0.1:4318/v1/traces':
    '以 OTLP/HTTP 发送跟踪数据的地址，例如 http://127.0.0.1:4318/v1/traces',
  'the variable that holds the headers sent along, name=value separated by commas':
    '保存随附请求头的环境变量，格式为以逗号分隔的 name=value',
  'the file that holds them': '保存它们的文件',
  'the share of requests whose trace is sent': '发送跟踪数据的请求所占比例',
  'whether the traceparent of a client decides instead: of those on this machine, or of all':
    '是否改由客户端的 traceparent 决定：仅限本机的客户端，或所有客户端',
  'which mirrors hear of the trace of a request: those of your own network, all, or none':
    '哪些镜像会收到请求的跟踪信息：仅限您自己网络中的镜像，所有镜像，或都不发送',
  'service.name in the traces': '跟踪数据中的 service.name',
} as const;
