/**
 * Configuration with which the mirror at `url` is picked whenever its gate lets it: by its weight, whatever it has done,
 * and on a busy machine too, where chance would make it look slow.
 */
export function heavyMirror(name: string, url: string | undefined): string {
  const alwaysIt = '[selection]\nspeed_floor = 1\nscore_floor = 1\n[hedge]\ntokens = 0\n';
  return `${alwaysIt}[mirror "${name}"]\nurl = ${url}\nweight = 1000\n`;
}
