/**
 * What mirrors are asked for, unless somebody says otherwise, to know whether they are well: a small file of a public
 * module, which is the same for ever.
 */
export const PROBE_FILE = {
  /** Below a mirror's base URL. */
  path: '/golang.org/x/text/@v/v0.3.0.mod',
  text: 'module golang.org/x/text\n',
} as const;

/** A module that has new versions all the time: its list shows which mirrors lag behind. */
export const CANARY_MODULE = 'github.com/aws/aws-sdk-go-v2/service/ec2';
