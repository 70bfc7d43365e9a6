/** What error codes mean, and what helps. */
export const ZH_HELP = {
  'The command line has a mistake: an unknown command or option, a value that cannot be.':
    '命令行有误：未知的命令或选项，或不合法的值。',
  'The hint names what was meant; `rondo help COMMAND` shows examples.':
    '提示会指出您可能想用的写法；`rondo help COMMAND` 给出示例。',
  'A configuration file or a variable has a mistake; the message names file and line.':
    '配置文件或环境变量有误；错误信息会指明文件和行号。',
  '`rondo config check FILE` finds all mistakes of a file at once.':
    '`rondo config check FILE` 一次列出文件中的所有错误。',
  'There is no mirror to stand in front of: GOPROXY names only Rondo itself, or only direct or off.':
    '没有可用的镜像：GOPROXY 只指向 Rondo 自身，或只有 direct 或 off。',
  '`rondo init` measures mirrors and writes a .goproxy.': '`rondo init` 会测量各镜像并写出 .goproxy。',
  'The address of a mirror is none that Go or Rondo takes.': '镜像地址不是 Go 或 Rondo 能接受的地址。',
  'Write it as https://goproxy.cn, several of them with commas between.':
    '请写成 https://goproxy.cn；多个镜像用逗号分隔。',
  'Another program listens on the port, or another Rondo does.': '该端口已被其他程序或另一个 Rondo 占用。',
  '`rondo serve --port N` takes another one; the hint names one that is free.':
    '用 `rondo serve --port N` 换一个端口；提示中会给出一个空闲端口。',
  'The system does not let Rondo listen at that address.': '系统不允许 Rondo 在该地址上监听。',
  'Choose a port above 1023, and with --host an address of this machine.':
    '请选择 1023 以上的端口，并用 --host 指定本机的地址。',
  'The certificate or its key cannot be read, do not belong together, or are not valid now.':
    '证书或私钥无法读取、互不匹配，或当前不在有效期内。',
  'Name both with --cert and --key; the message says what is wrong with them.':
    '用 --cert 和 --key 同时指定两者；错误信息会说明问题所在。',
  'The folder of the copy is not there, or cannot be used.': '副本目录不存在或无法使用。',
  'Name another one with --cache-dir, or give Rondo the right to write there.':
    '用 --cache-dir 指定其他目录，或授予 Rondo 写入权限。',
  'A line of go.sum cannot be read; go would refuse the file as well.':
    'go.sum 中有一行无法解析；go 命令同样会拒绝该文件。',
  'Mend the line, or take the file back from version control.': '请修正该行，或从版本控制中恢复该文件。',
  'The name is none that a module, a version or a file of one can have.':
    '这不是合法的模块名、版本号或模块文件名。',
  'Check its spelling; in URLs an upper-case letter is written as ! and the lower-case one.':
    '请检查拼写；在 URL 中，大写字母写成 ! 加对应的小写字母。',
  'Every mirror that was asked says that there is no such module or version.':
    '所有被询问的镜像都表示没有这个模块或版本。',
  'Check path and version. If only its repository has it: GOPROXY with ,direct at its end.':
    '请检查路径和版本。如果只有源代码仓库中有它：在 GOPROXY 末尾加上 ,direct。',
  'The module is private (GOPRIVATE, GONOPROXY): no mirror is told its name.':
    '这是私有模块（GOPRIVATE、GONOPROXY）：不会向任何镜像透露它的名称。',
  'go fetches it from its repository by itself, with ,direct at the end of GOPROXY.':
    '在 GOPROXY 末尾加上 ,direct，go 命令会自行从仓库获取。',
  'Rondo runs offline, and the copy does not have it.': 'Rondo 处于离线模式，而副本中没有它。',
  'Where there is a network: `rondo sync` in the folder of the project.':
    '请在有网络时于项目目录中运行 `rondo sync`。',
  'The checksum database knows no such version, so that nobody could prove its content.':
    '校验和数据库中没有这个版本，因此无法证明其内容。',
  'Check the version. For a private module: GONOSUMDB or GOPRIVATE with its path.':
    '请检查版本号。如果是私有模块：把它的路径写入 GONOSUMDB 或 GOPRIVATE。',
  'Every mirror refuses to serve it (401, 403 or 451).': '所有镜像都拒绝提供它（401、403 或 451）。',
  'Add a mirror that carries it, or the credentials that one asks for.':
    '请添加提供该模块的镜像，或镜像所要求的凭据。',
  'Every mirror leads back to a Rondo that was asked already.': '所有镜像都绕回到已经被询问过的 Rondo。',
  'Take that Rondo out of the chain of the one behind it.': '请把那个 Rondo 从其后方 Rondo 的链中去掉。',
  'Every mirror failed, and the copy does not have it.': '所有镜像都失败了，而副本中也没有它。',
  '`rondo mirrors` says what is wrong with each; with a complete copy: `rondo exec --offline`.':
    '`rondo mirrors` 会说明每个镜像的问题；如果副本完整：`rondo exec --offline`。',
  'Every mirror took longer than it may.': '所有镜像都超时了。',
  '`rondo mirrors` shows how slow each one is; `rondo init` finds nearer ones.':
    '`rondo mirrors` 显示每个镜像有多慢；`rondo init` 可以找到更近的镜像。',
  'No mirror may be asked right now: each has failed lately, and waits for its next trial.':
    '目前没有可以询问的镜像：它们最近都失败过，正在等待下一次试探。',
  'Try again after the time in Retry-After; `rondo mirrors` says what each waits for.':
    '请在 Retry-After 所示的时间之后重试；`rondo mirrors` 会说明各镜像在等待什么。',
  'More requests wait for the mirrors than may.': '等待镜像的请求过多。',
  'Try again in a second; RONDO_LIMITS_QUEUE lets more of them wait.':
    '请一秒后重试；RONDO_LIMITS_QUEUE 可以放宽排队数量。',
  'The checksum database cannot be asked, so that nothing new can be proven.':
    '无法访问校验和数据库，因此无法证明新的内容。',
  'Try again later; what the copy has is served all the while.': '请稍后重试；副本中已有的内容始终可用。',
  'Two answers of the checksum database contradict each other: somebody shows you another one.':
    '校验和数据库的两个应答互相矛盾：有人向您展示了另一个数据库。',
  'Do not build. Keep the log: it has the proof, which belongs to the operators of the database.':
    '请勿构建。请保留日志：其中的证据应当交给数据库的运营者。',
  'A mirror gave a record of the checksum database that it cannot prove.':
    '镜像给出了一条它无法证明的校验和数据库记录。',
  'Another mirror is asked by itself; if all of them do that, take them out of the chain.':
    'Rondo 会自动询问其他镜像；如果所有镜像都这样，请把它们从链中去掉。',
  'What a mirror sent is not what was asked for: a web page, a cut file, another version.':
    '镜像发来的不是所请求的内容：网页、残缺的文件，或其他版本。',
  'Another mirror is asked by itself; `rondo mirrors` names the one that does it.':
    'Rondo 会自动询问其他镜像；`rondo mirrors` 会指出是哪个镜像。',
  'The content is not what the checksum database, or an earlier download, says.':
    '内容与校验和数据库或先前的下载不一致。',
  'Do not use it. Who published the version may have moved its tag: `rondo verify` shows the lines of go.sum.':
    '请勿使用。发布者可能移动了标签：`rondo verify` 会显示 go.sum 中的相关行。',
  'The disk of the copy cannot be read or written.': '副本所在的磁盘无法读取或写入。',
  'Make room, or give Rondo the right to write there; `rondo cache gc` makes the copy smaller.':
    '请腾出空间，或授予 Rondo 写入权限；`rondo cache gc` 可以缩小副本。',
  'Somebody pressed Ctrl-C, or the system ends the program.': '有人按下了 Ctrl-C，或系统正在结束程序。',
  'What was done is whole; the same command again goes on.':
    '已完成的部分是完整的；再次运行同一命令即可继续。',
  'Rondo has met something that cannot be.': 'Rondo 遇到了不应发生的情况。',
  'Please report what the same command prints with --verbose.': '请报告同一命令加上 --verbose 后的输出。',
} as const;
