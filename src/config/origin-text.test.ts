import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableOf } from '../words/language.ts';
import { render } from '../words/render.ts';
import { originText } from './origin-text.ts';

test('where a value comes from, in Chinese; in English as the configuration says it', async () => {
  const table = await tableOf('zh');
  const cases = {
    default: '默认',
    none: '无',
    'as GOPRIVATE': '同 GOPRIVATE',
    'flag --port': '选项 --port',
    'environment RONDO_SERVER_PORT': '环境变量 RONDO_SERVER_PORT',
    'file /etc/rondo/goproxy.ini:2': '文件 /etc/rondo/goproxy.ini:2',
    'go env -w GOPRIVATE': 'go env -w GOPRIVATE',
    '$GOROOT/go.env': '$GOROOT/go.env',
    'the built-in list': '内置列表',
  };
  for (const [origin, chinese] of Object.entries(cases)) {
    assert.equal(render(originText(origin)), origin);
    assert.equal(render(originText(origin), table), chinese);
  }
});
