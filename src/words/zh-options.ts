/** What the arguments and options of the commands mean. */
export const ZH_OPTIONS = {
  'print JSON': '输出 JSON',
  'no colour': '不使用颜色',
  'show stack traces of errors': '显示错误的调用栈',
  'speak this language: en or zh (default: that of LANG)': '使用的语言：en 或 zh（默认：由 LANG 决定）',
  'read this .goproxy and no other': '只读取这个 .goproxy',
  'folder of the copy; trusted as it is, so import one that was sent':
    '副本目录；其内容直接受信任，因此他人发来的目录应先导入',
  'set a key of the configuration, but for the mirrors; may be repeated':
    '设置一个配置键（镜像除外）；可重复使用',
  'port to listen at (default: {port}; 0: any free one)': '监听的端口（默认：{port}；0：任意空闲端口）',
  'address to listen at (default: {host})': '监听的地址（默认：{host}）',
  'port of the running server (default: {port})': '运行中的服务器的端口（默认：{port}）',
  'address of the running server (default: {host})': '运行中的服务器的地址（默认：{host}）',
  'serve HTTPS': '提供 HTTPS',
  'its certificate and chain, PEM; read again on change': '证书及证书链，PEM 格式；文件变化时重新读取',
  'the private key of the certificate, PEM': '证书的私钥，PEM 格式',
  'answer from the copy alone': '只用副本应答',
  'the command and its arguments, after --': '命令及其参数，写在 -- 之后',
  'read go.sum and fetch ahead what it names, while the command starts':
    '在命令启动的同时读取 go.sum，预先获取其中的模块',
  'folders with a go.mod or go.work, or those files (default: the nearest, from here upwards)':
    '含有 go.mod 或 go.work 的目录，或这些文件（默认：从当前目录向上最近的一个）',
  'also write a folder for file://, a bundle FILE.tar.zst, the Rondo at a URL, or the target of that name':
    '同时写出 file:// 目录、离线包 FILE.tar.zst、URL 处的 Rondo，或该名称的目标',
  'say what the copy lacks, and fetch nothing': '只说明副本缺少什么，不获取',
  'write the vendor folder from it, and have go prove that it is whole':
    '由副本写出 vendor 目录，并由 go 命令证明其完整',
  'and this version of Go itself, for this machine': '同时获取适用于本机的这个 Go 版本',
  'again and again, until Ctrl-C': '反复执行，直到按下 Ctrl-C',
  'how many files at once (default: 16)': '同时获取的文件数（默认：16）',
  'one mirror by its name, phase by phase (default: everything)':
    '镜像名称，逐阶段检查该镜像（默认：检查全部）',
  'mend what can be mended without harm; asks first': '修复可以安全修复的问题；先询问',
  'with --fix: do not ask': '与 --fix 一起使用：不询问',
  'a version in full': '带完整版本号的模块',
  'do not ask its own repository': '不询问模块自己的仓库',
  'the files, or folders of projects (default: the nearest go.sum, from here upwards)':
    '这些文件或项目目录（默认：从当前目录向上最近的 go.sum）',
  'write this file (default: .goproxy in this folder)': '写入这个文件（默认：当前目录的 .goproxy）',
  'replace a file that is there; the old one is kept beside it': '替换已有的文件；旧文件保留在旁边',
  'ask nothing, and do only what flags say': '不询问，只做选项要求的事',
  'add the public mirrors that work to a chain that you have chosen': '把可用的公共镜像加入您选择的链',
  'ask the mirrors of the chain in force and no others': '只询问当前链中的镜像',
  'run go env -w, so that go uses Rondo': '运行 go env -w，使 go 命令使用 Rondo',
  'and where each of them came from': '并显示每个值的来源',
  'the file, wherever it lies': '文件，位置不限',
  'the file (default: the nearest .goproxy, from here upwards)':
    '文件（默认：从当前目录向上最近的 .goproxy）',
  'where toolchains lie (default: your own folder for them)': '工具链所在的目录（默认：您自己的工具链目录）',
  'as Go names it: {version}, 1.27rc1': '按 Go 的写法：{version}、1.27rc1',
  "an operating system by Go's name (default: this one)": '操作系统，按 Go 的名称（默认：本机的）',
  "an architecture by Go's name (default: this one)": '架构，按 Go 的名称（默认：本机的）',
  '{shells} (default: that of SHELL)': '{shells}（默认：由 SHELL 决定）',
  "write them into the shell's start file, between markers": '写入 shell 的启动文件，位于标记之间',
  'take them out of it again': '从启动文件中移除这些设置',
  'fetch what is wrong again at once, from the mirrors': '立即从镜像重新获取有误的文件',
  'paths, or patterns as in GOPRIVATE (default: all)': '路径，或 GOPRIVATE 那样的模式（默认：全部）',
  'name, size, or last: those first that nobody has asked for longest':
    'name、size 或 last：最久无人请求的排在最前',
  'what Rondo keeps of modules takes no more; 0: all goes that may (default: cache.max_size)':
    'Rondo 保存的模块不超过此大小；0：移除所有可以移除的（默认：cache.max_size）',
  'so much of the disk is free (default: cache.min_free)':
    '磁盘至少保留这么多空闲空间（默认：cache.min_free）',
  'say what would go, and remove nothing': '只说明将移除什么，不移除',
  'what to remove': '要移除的内容',
  'whose answers to forget': '要清除其应答的模块',
  'a GOMODCACHE, what GOPROXY=file://… names, or a bundle of rondo sync':
    'GOMODCACHE、GOPROXY=file://… 所指的目录，或 rondo sync 的离线包',
  'verify by the checksum records that are at hand': '用现有的校验和记录验证',
  'take also what no checksum database vouches for (GOPRIVATE, GONOSUMDB), right or not: trust the folder':
    '也接受没有校验和数据库作证的内容（GOPRIVATE、GONOSUMDB），不论对错：信任该目录',
  'by what the copy has; say what is missing': '只依据副本已有的内容；说明缺少什么',
  'the folder; it is made if it is missing': '目录；不存在时会创建',
  'what to export (default: all that is held)': '要导出的内容（默认：副本中的全部）',
  'export what this go.sum names; may be repeated': '导出这个 go.sum 中的模块；可重复使用',
  'the mirror, as rondo mirrors calls it': '镜像，使用 rondo mirrors 显示的名称',
  'for so long (default: as long as the server runs; 0s brings it back)':
    '持续时间（默认：直到服务器停止；0s 恢复使用）',
  'weight=1 to 1000, or weight=configured': 'weight=1 到 1000，或 weight=configured',
  'show it again every two seconds until Ctrl-C': '每两秒刷新一次，直到按下 Ctrl-C',
} as const;
