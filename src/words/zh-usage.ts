/** What help and the parser of the command line say. */
export const ZH_USAGE = {
  'option {name} needs a value': '选项 {name} 需要一个值',
} as const;
