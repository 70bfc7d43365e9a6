/** What is said of a mirror: how it stands, what a failure was, who can end it. */
export const ZH_MIRRORS = {
  // why a mirror stands as it does, and what would change that
  'open time over; {why}': '熔断时间已过；{why}',
  'the first answer of any mirror ends it for all; each is probed every second':
    '任一镜像有应答，即视为全部恢复；每个镜像每秒探测一次',
  'answers well': '应答正常',
  'climbing back after a trial': '试探成功，正在恢复',
  'it is this Rondo itself': '它就是这个 Rondo 自身',
  'taken out by an order to this server': '已按发给此服务器的指令停用',
  'the next request is its trial': '下一个请求将用来试探它',
  'a trial request is under way': '试探请求正在进行',
  'well, but could not get {files} in a row itself': '正常，但自身连续 {files}未能取得',
  '{count} failures in a row: {detail}': '连续失败 {count} 次：{detail}',
  '{count} failure: {detail}': '失败 {count} 次：{detail}',
  'one trial request when its time is over, or sooner if a probe succeeds':
    '时间到后，或探测成功后，下一个请求将用来试探它',
  'one trial request when the time that it asked for is over': '到达它要求的时间后，下一个请求将用来试探它',
  'one trial request when its time is over: successful probes do not count':
    '只有时间到后才会用请求试探它：探测不算数',
  'the trial decides: an answer closes the gate, a failure opens it for {least} to {most} s':
    '由试探决定：有应答则闸门闭合，失败则断开 {least} 到 {most} 秒',
  'its score is back at 1': '得分恢复为 1',
  'a request that succeeds brings its score back': '一个请求成功即可恢复得分',
  'a probe that succeeds brings its score back': '一次探测成功即可恢复得分',
  '{requests} in a row, {count} by 503, or {probes} would open its gate':
    '连续 {requests}（503 则为 {count} 个），或 {probes}，闸门会断开',
  '{requests} in a row or {probes} would open its gate': '连续 {requests}或 {probes}，闸门会断开',
  '{count} failed request': '{count} 个失败的请求',
  '{count} failed requests': '{count} 个失败的请求',
  '{count} failed probe': '{count} 次失败的探测',
  '{count} failed probes': '{count} 次失败的探测',
  '{what}, and so would {other}': '{what}，{other}也会',
  'under {share} of {visits} requests in {seconds} s (now {now} of {count})':
    '{seconds} 秒内 {visits} 个请求的成功率低于 {share}（目前 {count} 个，成功率 {now}）',
  '{answers} with other content than was asked for, {seconds} s from the first at the latest':
    '在首个之后 {seconds} 秒内{answers}内容不符的应答',
  '{count} more answer': '再有 {count} 个',
  '{count} more answers': '再有 {count} 个',
  'a body that breaks does not while no other mirror could go on with it':
    '没有其他镜像能接续时，中断的下载不算在内',
  'another configuration: it is left out for good': '更换配置：它已被永久排除',
  'the end of that time, or rondo mirrors drain --for 0s, brings it back':
    '时间到后，或用 rondo mirrors drain --for 0s，即可恢复',

  // what was seen of a failure
  '{what}, but a web page': '{what}，但内容是网页',
  '{what}, but for now only': '{what}，但只是暂时的',
  '{what}, from a Rondo that could not get it': '{what}，来自一个未能取得它的 Rondo',
  '{what}, retry after {seconds} s': '{what}，请在 {seconds} 秒后重试',
  'not whole within {seconds} s': '{seconds} 秒内未能传完',
  'no byte for {seconds} s': '{seconds} 秒内没有收到任何数据',
  'through {name}: {what}': '经由 {name}：{what}',
  '{what} after {count} bytes': '收到 {count} 字节后{what}',
  '{name} wants credentials, or other ones': '{name} 要求提供凭据，或凭据不正确',
  'the probe was answered with other bytes': '探测收到的内容不符',
  'stopped after {count} redirects': '重定向 {count} 次后放弃',
  'redirect from https to http': '从 https 重定向到 http',
  'redirected from a public mirror to a private address': '从公共镜像重定向到了内网地址',
  'redirected to where nobody can be reached: {what}': '重定向到无法访问的地址：{what}',
  'no such host ({evidence})': '域名不存在（{evidence}）',
  'the host has no address ({evidence})': '域名没有地址（{evidence}）',
  'name lookup failed ({evidence})': '域名解析失败（{evidence}）',
  'name lookup does not work here ({evidence})': '本机无法解析域名（{evidence}）',
  'no route from this machine ({evidence})': '本机没有可用的路由（{evidence}）',
  'no route to the host ({evidence})': '没有到该主机的路由（{evidence}）',
  'the network of this machine is down ({evidence})': '本机的网络不通（{evidence}）',
  'connection refused ({evidence})': '连接被拒绝（{evidence}）',
  'connection not permitted, by a firewall perhaps ({evidence})':
    '不允许连接，可能被防火墙阻止（{evidence}）',
  'no connection in time ({evidence})': '连接超时（{evidence}）',
  'no connection in time': '连接超时',
  'no TLS handshake in time ({evidence})': 'TLS 握手超时（{evidence}）',
  'no TLS handshake in time': 'TLS 握手超时',
  'connection reset ({evidence})': '连接被重置（{evidence}）',
  'connection closed by the mirror ({evidence})': '连接被镜像关闭（{evidence}）',
  'connection closed in the middle of the answer ({evidence})': '应答中途连接被关闭（{evidence}）',
  'certificate has expired ({evidence})': '证书已过期（{evidence}）',
  'certificate is not valid yet (is the clock right?) ({evidence})':
    '证书尚未生效（本机时钟是否正确？）（{evidence}）',
  'certificate is for another name: {why} ({evidence})': '证书属于另一个域名：{why}（{evidence}）',
  'certificate is self-signed ({evidence})': '证书是自签名的（{evidence}）',
  'certificate chain ends in an unknown, self-signed root ({evidence})':
    '证书链的根证书是未知的自签名证书（{evidence}）',
  'certificate has an unknown issuer ({evidence})': '证书的签发者未知（{evidence}）',
  'certificate has an unknown issuer, or its chain is incomplete ({evidence})':
    '证书的签发者未知，或证书链不完整（{evidence}）',
  'no such file': '没有这个文件',

  // what a failure was, and who can end it
  'whoever runs the mirror': '镜像的维护者',
  'whoever runs the mirror, or the network': '镜像或网络的维护者',
  'nobody needs to': '无需处理',
  'the mirror answered': '镜像已应答',
  'the mirror does not have it': '镜像没有它',
  'the mirror does not give it to us: it is not allowed, or the mirror does not carry it':
    '镜像不向我们提供它：未获许可，或镜像不收录它',
  'you, with credentials for the mirror, or whoever runs it': '您（提供该镜像的凭据），或它的维护者',
  'nobody needed the answer any more: another came first, or Rondo stopped':
    '不再需要该应答：其他镜像先返回，或 Rondo 已停止',
  'the mirror asked us to come back later': '镜像要求我们稍后再来',
  'the mirror is overloaded or being maintained': '镜像过载或正在维护',
  'the CDN in front of the mirror could not reach it': '镜像前面的 CDN 无法连接到源站',
  'what stands behind the mirror is down': '镜像背后的服务已停止',
  'the mirror failed in a way of its own, or does not take such a request': '镜像自身出错，或不接受此类请求',
  "the mirror's name has no address": '镜像的域名没有地址',
  'whoever owns the name; you, if it is misspelt': '域名的所有者；如果拼写有误则为您',
  'nothing listens there, or a firewall refuses': '该处没有服务监听，或被防火墙拒绝',
  'whoever runs the mirror, or of the firewall': '镜像或防火墙的维护者',
  'no connection came about in time': '未能及时建立连接',
  'whoever runs the network between here and the mirror, or the mirror':
    '本机到镜像之间网络的维护者，或镜像的维护者',
  'the connection stands, but its TLS handshake hangs': '连接已建立，但 TLS 握手没有响应',
  "the mirror's certificate cannot be trusted": '镜像的证书不可信',
  'whoever runs the mirror; you, if its root is missing here': '镜像的维护者；如果本机缺少其根证书则为您',
  'the mirror took the request and never answered': '镜像收到请求后始终没有应答',
  'the mirror is slow to answer': '镜像应答缓慢',
  'the download stopped half-way': '下载中途停止',
  'the download was hardly moving': '下载几乎没有进展',
  'the connection broke': '连接中断',
  'the download ended too early': '下载过早结束',
  'the mirror said 404 but meant that it could not look': '镜像返回 404，但实际上是它无法查询',
  'a web page came instead of the file: a login page of this network, or a broken mirror':
    '收到的是网页而不是文件：可能是当前网络的登录页面，或镜像已损坏',
  'you, by logging in to the network; else whoever runs the mirror': '您（登录网络）；否则为镜像的维护者',
  'what came is not such a file': '收到的内容不是这类文件',
  'what came contradicts the checksum database': '收到的内容与校验和数据库不符',
  'whoever runs the mirror; do not use it until it is explained': '镜像的维护者；查明之前请勿使用它',
  'the mirror redirects to where Rondo does not follow': '镜像重定向到 Rondo 不会跟随的地址',
  'the mirror is this Rondo itself, or its own mirrors go round in a circle':
    '该镜像就是这个 Rondo 自身，或它的上游形成了循环',
  'you, in the list of mirrors, or whoever runs the mirror': '您（修改镜像列表），或镜像的维护者',
  'the mirror is a Rondo: it is well, but could not get the file from its own mirrors':
    '该镜像是一个 Rondo：它自身正常，但无法从它的镜像取得文件',
  "whoever runs that Rondo's mirrors": '那个 Rondo 所用镜像的维护者',
  'what answers there does not speak HTTP as it should': '该处的应答不符合 HTTP 协议',
  'whoever runs the mirror; you, if scheme or port are wrong': '镜像的维护者；如果协议或端口有误则为您',
  'the proxy of this machine (HTTPS_PROXY, HTTP_PROXY) cannot be used':
    '无法使用本机的代理（HTTPS_PROXY、HTTP_PROXY）',
  'you, in these variables; else whoever runs the proxy': '您（修改这些变量）；否则为代理的维护者',
  'the network of this machine is down': '本机的网络不通',
  'you, on this machine': '您（在本机上）',
} as const;
