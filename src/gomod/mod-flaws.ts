import { say, type Text } from '../words/text.ts';
import { modStatements, type ModLine, type ModStatement } from './mod-statements.ts';
import { ModSyntaxError, type Flaw } from './mod-tokens.ts';
import { quotedFlaw, replaceFlaw, requirementFlaw, retractFlaw, shortened } from './directive-flaws.ts';

const IN_BLOCKS = {
  mod: ['module', 'godebug', 'require', 'exclude', 'replace', 'retract', 'tool', 'ignore'],
  work: ['godebug', 'use', 'replace'],
} as const;
const ALONE = ['go', 'toolchain'] as const;

type FileKind = keyof typeof IN_BLOCKS;

/** modfile.GoVersionRE and modfile.ToolchainRE. */
const GO_VERSION = /^[1-9][0-9]*\.(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))?(?:[a-z]+[0-9]+)?$/;
const TOOLCHAIN = /^default$|^go1(?:$|\.)/;

/**
 * What go would refuse in the go.mod of a main module (modfile.Parse, strict; `missing module declaration` is
 * modload.ReadModFile's), in the order of the file; nothing for a good one. A version that is not exact counts too: go
 * has to look it up, and writes the exact one. Never throws.
 */
export function goModFlaws(text: string): Flaw[] {
  return flawsOf(text, 'mod');
}

/** The same for a go.work (modfile.ParseWork). Never throws. */
export function goWorkFlaws(text: string): Flaw[] {
  return flawsOf(text, 'work');
}

function flawsOf(text: string, kind: FileKind): Flaw[] {
  let statements: readonly ModStatement[];
  try {
    statements = modStatements(text);
  } catch (error) {
    if (error instanceof ModSyntaxError) return [error.flaw];
    throw error;
  }
  const flaws: Flaw[] = [];
  const seen = new Set<string>();
  const look = (verb: string, args: readonly string[], { line, column }: ModLine): void => {
    const why = seen.has(verb) ? say('repeated {verb} statement', { verb }) : directiveFlaw(verb, args, kind);
    if (why !== undefined) flaws.push({ line, column, why });
    // The first that can be read counts; one of module does in any case.
    if ((verb === 'module' && kind === 'mod') || (why === undefined && isAlone(verb))) seen.add(verb);
  };
  for (const { block, ...line } of statements) {
    const [verb = '', ...args] = line.words;
    if (block === undefined) look(verb, args, line);
    else if (args.length > 0 || !isKnown(verb, IN_BLOCKS[kind]))
      flaws.push({
        ...line,
        why: say('unknown block type: {words}', { words: shortened(line.words.join(' ')) }),
      });
    else for (const each of block) look(verb, each.words, each);
  }
  if (kind === 'mod' && flaws.length === 0 && !seen.has('module'))
    flaws.push({ line: 1, column: 1, why: say('missing module declaration') });
  return flaws;
}

function isKnown(verb: string, known: readonly string[]): boolean {
  return known.includes(verb);
}

function isAlone(verb: string): boolean {
  return isKnown(verb, ALONE);
}

function directiveFlaw(verb: string, args: readonly string[], kind: FileKind): Text | undefined {
  if (!isAlone(verb) && !isKnown(verb, IN_BLOCKS[kind]))
    return say('unknown directive: {verb}', { verb: shortened(verb) });
  const [first = ''] = args;
  switch (verb) {
    case 'require':
    case 'exclude':
      return requirementFlaw(verb, args);
    case 'replace':
      return replaceFlaw(args);
    case 'retract':
      return retractFlaw(args);
    case 'godebug':
      return args.length === 1 && !/["'`,]/.test(first) && first.includes('=')
        ? undefined
        : say('usage: {usage}', { usage: 'godebug key=value' });
    case 'module':
      return args.length === 1 ? quotedFlaw(first) : say('usage: {usage}', { usage: 'module module/path' });
    case 'use':
      return args.length === 1 ? quotedFlaw(first) : say('usage: {usage}', { usage: 'use local/dir' });
    default:
      if (args.length !== 1) return say('{verb} directive expects exactly one argument', { verb });
      return isAlone(verb) ? versionFlaw(verb, first) : quotedFlaw(first);
  }
}

function versionFlaw(verb: string, word: string): Text | undefined {
  const version = shortened(word);
  if (verb === 'go')
    return GO_VERSION.test(word)
      ? undefined
      : say("invalid go version '{version}': must match format 1.23.0", { version });
  return TOOLCHAIN.test(word)
    ? undefined
    : say("invalid toolchain version '{version}': must match format go1.23.0 or default", { version });
}
