/** Prints docs/reference/goproxy.ini, a file as `rondo init` writes one: `node scripts/example-file.ts > docs/reference/goproxy.ini`. */
import { renderInitFile } from '../src/config/init-file.ts';

process.stdout.write(
  renderInitFile({
    proxy: 'https://goproxy.cn,https://goproxy.example.com/go,direct',
    mirrors: [
      { name: 'goproxy.cn', url: 'https://goproxy.cn', note: 'what rondo init measured stands here' },
      {
        name: 'goproxy.example.com/go',
        url: 'https://goproxy.example.com/go',
        note: 'one section a mirror, nearest first',
      },
    ],
  }),
);
