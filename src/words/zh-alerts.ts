/** What is said of alerts, and of what one client may ask for. */
export const ZH_ALERTS = {
  'alerts.{receiver} takes no alert: {why}; it is told again until it does':
    'alerts.{receiver} 未接收告警：{why}；将重复发送，直到接收为止',
  'what alerts were sent before cannot be read, so some may come again: {why}':
    '无法读取已发送告警的记录，部分告警可能会重复：{why}',
  'what alerts are sent cannot be written down, so some may come again: {why}':
    '无法写入已发送告警的记录，部分告警可能会重复：{why}',
  'see whether alerts get to where they should': '检查告警能否送达',
  'send a test alert to the webhook and the command of [alerts]':
    '向 [alerts] 的 webhook 和命令发送一条测试告警',
  'all have taken it': '全部已接收',
  'one has not': '有一个未接收',
  'a mistake in the command line or the configuration, or nobody is to be told':
    '命令行或配置有误，或没有要通知的对象',
  'nobody is told of anything: [alerts] has no webhook and no command':
    '不会通知任何人：[alerts] 中既没有 webhook 也没有 command',
  'add webhook = https://… below [alerts]': '请在 [alerts] 下添加 webhook = https://…',
  'alerts.{receiver} has taken it': 'alerts.{receiver} 已接收',
  'alerts.{receiver} has not taken it: {why}': 'alerts.{receiver} 未接收：{why}',
  '{key} holds no http or https URL without a login': '{key} 中不是不含登录信息的 http 或 https URL',
  '{key}: behind {prefix} is not the base64 of {min} to {max} bytes':
    '{key}：{prefix} 之后不是 {min} 至 {max} 字节的标准 base64',
  '{key}: the secret has fewer than {min} characters': '{key}：密钥不足 {min} 个字符',
  'make one, and give it to the receiver too: {command}': '生成一个，并同样配置给接收方：{command}',
} as const;
