import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { AppError, fromErrorData } from '#core/diagnostics/appError.ts';
import { parseDocument } from '#core/document/parse.ts';
import { PROJECT_LIMITS } from '#core/document/limits.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { message, type Message } from '#core/words/message.ts';
import { pathKind, pathWords } from '../../data/format/fileKinds.ts';
import { errnoOf, toOutputError, writeFileAtomic } from '../../files/atomicFile.ts';
import { realPathOf } from '../../files/realPath.ts';
import { bringStart, fetchStart } from './startWeights.ts';
import { refuseForeign } from './overwriteGuard.ts';

/** Parses project text from outside; throws the parser's error with problem and place. */
export function parseProject(text: string, where?: string): GraphDocument {
  const parsed = parseDocument(text);
  if (parsed.ok) return parsed.document;
  throw fromErrorData(where === undefined ? parsed.error : { ...parsed.error, where });
}

/** Reads and checks a project file; throws `project-not-found` or the parser's error naming the file. */
export async function readProjectFile(path: string): Promise<{ text: string; document: GraphDocument }> {
  const unreadable = (why: Message, cause?: unknown): AppError =>
    new AppError('project-not-found', why, { where: path, cause });
  try {
    const found = await stat(path);
    // Reading a pipe or a device would never end.
    if (found.isDirectory())
      throw unreadable(
        message('files.projectIsOther', { path, what: pathWords(pathKind(path) ?? 'folder') }),
      );
    if (!found.isFile()) throw unreadable(message('files.projectUnreadable', { path }));
    if (found.size > MOST_BYTES)
      throw unreadable(message('files.projectTooLarge', { path, bytes: found.size }));
    const text = await readFile(path, 'utf8');
    refuseOtherKind(path, text);
    return { text, document: parseProject(text, path) };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const isGone = errnoOf(cause) === 'ENOENT';
    throw unreadable(message(isGone ? 'files.projectNotThere' : 'files.projectUnreadable', { path }), cause);
  }
}

/** A character takes up to four bytes. */
const MOST_BYTES = 4 * PROJECT_LIMITS.textLength;

/**
 * A model or an image is reported as such; for anything else the parser reports the error. Throws
 * `AppError('project-not-a-project')`.
 */
function refuseOtherKind(path: string, text: string): void {
  if (text.trimStart().startsWith('{')) return;
  const kind = pathKind(path);
  if (kind === null || kind === 'file' || kind === 'project') return;
  throw new AppError('project-not-a-project', message('files.notAProject', { path, what: pathWords(kind) }), {
    where: path,
  });
}

/**
 * The text of a project file and its version; its starting weights are brought into `weightsFolder`. Throws as
 * `readProjectFile` does.
 */
export async function openProject(
  path: string,
  weightsFolder: string,
): Promise<{ text: string; version: string }> {
  const { text, document } = await readProjectFile(path);
  await fetchStart(document.start, path, weightsFolder);
  return { text, version: versionOf(text) };
}

/** A project to be written. */
export interface ProjectSave {
  readonly path: string;
  readonly project: string;
  /** True for the user's own file: if it is a link, the link is followed, here and nowhere later. */
  readonly followsLink: boolean;
  /** The expected version; a file of another version is not overwritten. Absent: any file is. */
  readonly version?: string | undefined;
  readonly overwrite: boolean;
  /** The lab's folder of starting weights; those of the project are copied beside it. */
  readonly weightsFolder: string;
}

/**
 * Writes a project atomically; returns its version. Throws the parser's error, 'output-foreign', 'project-changed', and
 * as `writeFileAtomic` does.
 */
export async function saveProject(asked: ProjectSave): Promise<{ version: string }> {
  const { path, project, followsLink, version, overwrite, weightsFolder } = asked;
  const { start } = parseProject(project); // a file that we could not open again is never written
  const real = followsLink ? realPathOf(path) : path;
  await refuseForeign(real, 'project');
  if (version !== undefined) await refuseChanged(path, version);
  await writeFileAtomic(real, project, { overwrite, followsLink: false });
  await bringStart(start, real, weightsFolder);
  return { version: versionOf(project) };
}

/** Equal for equal texts. */
function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Throws 'project-changed' when the file at `path` has another version: it holds work that was not seen here. */
async function refuseChanged(path: string, version: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw toOutputError(error, path);
  });
  if (found === null || versionOf(found) === version) return;
  throw new AppError('project-changed', message('files.projectChanged', { path }), { where: path });
}
