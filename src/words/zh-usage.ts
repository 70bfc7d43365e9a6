/** What help and the parser of the command line say, and what the commands do. */
export const ZH_USAGE = {
  'option {name} needs a value': '选项 {name} 需要一个值',
  "option '{syntax}' argument '{value}' is invalid. {why}": "选项 '{syntax}' 的值 '{value}' 无效：{why}",
  "missing required argument '{name}'": "缺少必需的参数 '{name}'",
  "too many arguments for '{command}'. Expected {count} argument but got {received}: {words}":
    "'{command}' 的参数过多：应为 {count} 个，实际为 {received} 个：{words}",
  "too many arguments for '{command}'. Expected {count} arguments but got {received}: {words}":
    "'{command}' 的参数过多：应为 {count} 个，实际为 {received} 个：{words}",
  "unknown option '{name}'": "未知选项 '{name}'",
  'did you mean {meant}?': '您是否想输入 {meant}？',
  'It is 0, or a size from 1MiB to 1024TiB with its unit, like 10GiB':
    '应为 0，或 1MiB 到 1024TiB 之间带单位的大小，如 10GiB',
  'It is 0, or a size from 0B to 1024TiB with its unit, like 10GiB':
    '应为 0，或 0B 到 1024TiB 之间带单位的大小，如 10GiB',
  'It is a duration of at most 7d, for example 1h': '应为不超过 7d 的时长，如 1h',
  'It is one of {list}': '应为以下之一：{list}',
  'It is a number from {min} to {max}': '应为 {min} 到 {max} 之间的数字',
  'It is an address or a name, without a port': '应为地址或主机名，不带端口',
  '--set {word} is not of the form key=value': '--set {word} 不是 key=value 的形式',
  '--set {path}: there is no such key': '--set {path}：没有这个键',
  'for example {example}': '例如 {example}',
  'print this help': '显示此帮助',
  'print the help of a command': '显示某个命令的帮助',
  'print the version': '显示版本',
  'Example:': '示例：',
  'Examples:': '示例：',
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Commands:': '命令：',
  'Options:': '选项：',
  'Exit codes:': '退出码：',
  'all is well': '一切正常',
  'there are findings': '发现问题',
  'a mistake in the command line': '命令行有误',
  'Ctrl-C': 'Ctrl-C',
  'all is well, or was mended': '一切正常，或已修复',
  'something is missing, cannot be proven, or matches nothing': '有内容缺失、无法证明，或没有匹配项',
  'a mistake in the command line or the configuration, or the disk': '命令行或配置有误，或磁盘有问题',
  'no mirror had it': '所有镜像都没有它',
  'something is not what it ought to be': '内容与应有的不符',
  'An error is on stderr; with --json, too, stdout is empty then.':
    '错误信息写到 stderr；使用 --json 时也是如此，此时 stdout 为空。',
  'A Go module proxy that never lets a bad mirror break a build.': '绝不让故障镜像中断构建的 Go 模块代理。',
  'run the proxy until Ctrl-C': '运行代理，直到按下 Ctrl-C',
  'run a command behind a private proxy': '通过专用代理运行命令',
  'bring every module of a project into the copy, a folder or a bundle':
    '把项目的所有模块放入副本、目录或离线包',
  'find out what is wrong: Go, its settings, this project, every mirror':
    '查找问题：Go 及其设置、当前项目、每个镜像',
  'compare what mirrors, its repository, the checksum database and go.sum have of one version':
    '比较各镜像、源代码仓库、校验和数据库和 go.sum 中的同一个版本',
  'show and check the configuration': '显示和检查配置',
  'work on the copy: prove it, list it, clear it, fill it and pass it on':
    '管理副本：验证、列出、清理、填充和导出',
  'compare go.sum with the copy, without a network': '离线比较 go.sum 与副本',
  'measure mirrors and write a .goproxy': '测量各镜像并写出 .goproxy',
  'print a script that completes commands at Tab': '输出用 Tab 键补全命令的脚本',
  'print every value that is in force': '显示所有生效的值',
  'find all mistakes of a configuration file': '找出配置文件中的所有错误',
  "let a project's .goproxy set every key, until it changes":
    '允许项目的 .goproxy 设置所有键，直到该文件变化为止',
  'print the reference of all keys, as Markdown': '以 Markdown 输出所有键的参考',
  'install Go itself, from the same mirrors': '从同样的镜像安装 Go 本身',
  'fetch a Go, verify it by the checksum database, and unpack it':
    '获取一个 Go 版本，用校验和数据库验证并解包',
  'list the toolchains that are installed': '列出已安装的工具链',
  'print the lines with which a shell finds Go': '输出让 shell 找到 Go 的设置',
  'hash every file, compare it with what is known of it, and move what is wrong into the quarantine':
    '计算每个文件的哈希，与已知记录比较，并把有误的文件移入隔离区',
  'list the versions in the copy': '列出副本中的版本',
  'make the copy smaller: what nobody has asked for longest goes first':
    '缩小副本：最久无人请求的内容最先移除',
  'take modules, or versions of them, out of the copy': '从副本中移除模块或其某些版本',
  'forget lists, @latest and queries, so that the mirrors are asked again':
    '清除版本列表、@latest 和查询结果，以便重新询问镜像',
  'take a GOMODCACHE, a folder for file://, or a bundle into the copy; every file is verified':
    '把 GOMODCACHE、file:// 目录或离线包导入副本；每个文件都会验证',
  'complete the copy for clients without a network: checksum records, what proves them, .info files':
    '为没有网络的客户端补全副本：校验和记录、其证明以及 .info 文件',
  'write what the copy has into a folder that serves as GOPROXY=file://…':
    '把副本的内容写入可用作 GOPROXY=file://… 的目录',
  'show how the mirrors stand': '显示各镜像的状态',
  "have a running server send no client's request to a mirror for a while":
    '让运行中的服务器暂时不把客户端请求发往某个镜像',
  'change the weight of a mirror, as long as a server runs': '在服务器运行期间更改某个镜像的权重',
} as const;
