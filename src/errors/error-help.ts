import { say, type Text } from '../words/text.ts';
import type { ErrorCode } from './codes.ts';

/** What a code means, and what helps. */
export type ErrorHelp = {
  readonly cause: Text;
  readonly remedy: Text;
};

/** Of every code: the page of errors and `rondo help CODE` are made of it. */
export const ERROR_HELP: { readonly [code in ErrorCode]: ErrorHelp } = {
  E_USAGE: {
    cause: say('The command line has a mistake: an unknown command or option, a value that cannot be.'),
    remedy: say('The hint names what was meant; `rondo help COMMAND` shows examples.'),
  },
  E_CONFIG: {
    cause: say('A configuration file or a variable has a mistake; the message names file and line.'),
    remedy: say('`rondo config check FILE` finds all mistakes of a file at once.'),
  },
  E_NO_CHAIN: {
    cause: say(
      'There is no mirror to stand in front of: GOPROXY names only Rondo itself, or only direct or off.',
    ),
    remedy: say('`rondo init` measures mirrors and writes a .goproxy.'),
  },
  E_BAD_MIRROR_URL: {
    cause: say('The address of a mirror is none that Go or Rondo takes.'),
    remedy: say('Write it as https://goproxy.cn, several of them with commas between.'),
  },
  E_PORT_IN_USE: {
    cause: say('Another program listens on the port, or another Rondo does.'),
    remedy: say('`rondo serve --port N` takes another one; the hint names one that is free.'),
  },
  E_LISTEN: {
    cause: say('The system does not let Rondo listen at that address.'),
    remedy: say('Choose a port above 1023, and with --host an address of this machine.'),
  },
  E_CERTIFICATE: {
    cause: say('The certificate or its key cannot be read, do not belong together, or are not valid now.'),
    remedy: say('Name both with --cert and --key; the message says what is wrong with them.'),
  },
  E_CACHE_DIR: {
    cause: say('The folder of the copy is not there, or cannot be used.'),
    remedy: say('Name another one with --cache-dir, or give Rondo the right to write there.'),
  },
  E_GO_SUM: {
    cause: say('A line of go.sum cannot be read; go would refuse the file as well.'),
    remedy: say('Mend the line, or take the file back from version control.'),
  },
  E_GO_MOD: {
    cause: say('A line of go.mod or go.work cannot be read; go would refuse the file as well.'),
    remedy: say('Mend the line that the message names; `go mod tidy` writes exact versions.'),
  },
  E_BAD_NAME: {
    cause: say('The name is none that a module, a version or a file of one can have.'),
    remedy: say('Check its spelling; in URLs an upper-case letter is written as ! and the lower-case one.'),
  },
  E_NOT_FOUND: {
    cause: say('Every mirror that was asked says that there is no such module or version.'),
    remedy: say('Check path and version. If only its repository has it: GOPROXY with ,direct at its end.'),
  },
  E_PRIVATE: {
    cause: say('The module is private (GOPRIVATE, GONOPROXY): no mirror is told its name.'),
    remedy: say('go fetches it from its repository by itself, with ,direct at the end of GOPROXY.'),
  },
  E_OFFLINE: {
    cause: say('Rondo runs offline, and the copy does not have it.'),
    remedy: say('Where there is a network: `rondo sync` in the folder of the project.'),
  },
  E_NOT_IN_CHECKSUM_DB: {
    cause: say('The checksum database knows no such version, so that nobody could prove its content.'),
    remedy: say('Check the version. For a private module: GONOSUMDB or GOPRIVATE with its path.'),
  },
  E_REFUSED: {
    cause: say('Every mirror refuses to serve it (401, 403 or 451).'),
    remedy: say('Add a mirror that carries it, or the credentials that one asks for.'),
  },
  E_LOOP: {
    cause: say('Every mirror leads back to a Rondo that was asked already.'),
    remedy: say('Take that Rondo out of the chain of the one behind it.'),
  },
  E_NO_MIRROR: {
    cause: say('Every mirror failed, and the copy does not have it.'),
    remedy: say(
      '`rondo mirrors` says what is wrong with each; with a complete copy: `rondo exec --offline`.',
    ),
  },
  E_MIRROR_TIMEOUT: {
    cause: say('Every mirror took longer than it may.'),
    remedy: say('`rondo mirrors` shows how slow each one is; `rondo init` finds nearer ones.'),
  },
  E_NO_ELIGIBLE_MIRROR: {
    cause: say('No mirror may be asked right now: each has failed lately, and waits for its next trial.'),
    remedy: say('Try again after the time in Retry-After; `rondo mirrors` says what each waits for.'),
  },
  E_BUSY: {
    cause: say('More requests wait for the mirrors than may.'),
    remedy: say('Try again in a second; RONDO_LIMITS_QUEUE lets more of them wait.'),
  },
  E_CHECKSUM_DB_UNREACHABLE: {
    cause: say('The checksum database cannot be asked, so that nothing new can be proven.'),
    remedy: say('Try again later; what the copy has is served all the while.'),
  },
  E_CHECKSUM_FORK: {
    cause: say('Two answers of the checksum database contradict each other: somebody shows you another one.'),
    remedy: say(
      'Do not build. Keep the log: it has the proof, which belongs to the operators of the database.',
    ),
  },
  E_CHECKSUM_UNPROVEN: {
    cause: say('A mirror gave a record of the checksum database that it cannot prove.'),
    remedy: say('Another mirror is asked by itself; if all of them do that, take them out of the chain.'),
  },
  E_BAD_CONTENT: {
    cause: say('What a mirror sent is not what was asked for: a web page, a cut file, another version.'),
    remedy: say('Another mirror is asked by itself; `rondo mirrors` names the one that does it.'),
  },
  E_CHECKSUM_MISMATCH: {
    cause: say('The content is not what the checksum database, or an earlier download, says.'),
    remedy: say(
      'Do not use it. Who published the version may have moved its tag: `rondo verify` shows the lines of go.sum.',
    ),
  },
  E_STORE: {
    cause: say('The disk of the copy cannot be read or written.'),
    remedy: say(
      'Make room, or give Rondo the right to write there; `rondo cache gc` makes the copy smaller.',
    ),
  },
  E_INTERRUPTED: {
    cause: say('Somebody pressed Ctrl-C, or the system ends the program.'),
    remedy: say('What was done is whole; the same command again goes on.'),
  },
  E_BUG: {
    cause: say('Rondo has met something that cannot be.'),
    remedy: say('Please report what the same command prints with --verbose.'),
  },
};
