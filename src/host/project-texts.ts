import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainFile } from './read-plain-file.ts';

/** A text file of a project. */
export type ProjectText = { readonly path: string; readonly text: string };

/** Files in which people set variables for go. */
const NAMES =
  /^(?:makefile|gnumakefile|justfile|taskfile\.ya?ml|dockerfile(?:\..+)?|.+\.dockerfile|containerfile|docker-compose.*\.ya?ml|compose.*\.ya?ml|\.gitlab-ci\.ya?ml|\.travis\.yml|\.drone\.ya?ml|jenkinsfile|azure-pipelines\.ya?ml|bitbucket-pipelines\.yml|cloudbuild\.ya?ml|\.env|\.envrc|.+\.mk)$/i;
const FOLDERS = [
  '.',
  '.github/workflows',
  '.gitea/workflows',
  '.circleci',
  '.woodpecker',
  'build',
  'ci',
  'docker',
];
const IN_CI = /\.ya?ml$/i;
const MAX_FILES = 100;
const MAX_BYTES = 512 * 1024;
/** Of all of them. */
const MAX_TOTAL_BYTES = 4 * 1024 * 1024;

/**
 * The Makefiles, Dockerfiles and CI jobs of the project in `folder`, with paths relative to it. From a checkout that
 * anybody may have written: hostile. What cannot be read is passed over; never rejects.
 */
export async function readProjectTexts(folder: string): Promise<ProjectText[]> {
  const texts: ProjectText[] = [];
  let left = MAX_TOTAL_BYTES;
  for (const below of FOLDERS) {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const isWanted =
        NAMES.test(entry.name) || (below.startsWith('.') && below !== '.' && IN_CI.test(entry.name));
      if (!entry.isFile() || !isWanted || texts.length >= MAX_FILES || left <= 0) continue;
      const path = below === '.' ? entry.name : `${below}/${entry.name}`;
      const read = await readPlainFile(join(folder, path), Math.min(MAX_BYTES, left)).catch(() => undefined);
      if (read === undefined) continue;
      left -= read.bytes.length;
      texts.push({ path, text: read.bytes.toString('utf8') });
    }
  }
  return texts;
}
