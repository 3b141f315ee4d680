import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LabResult } from '#core/contract/labApi.ts';
import { must } from '#core/diagnostics/invariantError.ts';
<<<<<<< 64d099c5752bf3d2c169fa4cb39c3eb79c7b0427
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { writeFileAtomic } from '../../files/atomicFile.ts';
=======
import { parseDocument } from '#core/document/parse.ts';
import { PROJECT_LIMITS } from '#core/document/limits.ts';
import { PROJECT_EXTENSION, type GraphDocument } from '#core/document/schema.ts';
import { message, type Message } from '#core/words/message.ts';
import { pathKind, pathWords } from '../../data/format/fileKinds.ts';
import { errnoOf, toOutputError, writeFileAtomic } from '../../files/atomicFile.ts';
import type { DescribedPath, FileGrants } from '../grants/fileGrants.ts';
>>>>>>> 9676664c9123d9679e0aac8186f4d148f83e208c
import type { LabHome } from '../../files/labHome.ts';
import type { DescribedPath, FileGrants } from '../grants/fileGrants.ts';
import type { Storage } from '../storage/storageThread.ts';
import { plainName } from './plainName.ts';

const MAX_RECENT = 12;
<<<<<<< 64d099c5752bf3d2c169fa4cb39c3eb79c7b0427
=======

/** Parses project text that came from outside; throws the parser's error, which says what and where. */
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
    // A pipe or a device would never end.
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

/** A model or an image is told as such; what else is no project, the parser says. Throws `AppError('project-not-a-project')`. */
function refuseOtherKind(path: string, text: string): void {
  if (text.trimStart().startsWith('{')) return;
  const kind = pathKind(path);
  if (kind === null || kind === 'file' || kind === 'project') return;
  throw new AppError('project-not-a-project', message('files.notAProject', { path, what: pathWords(kind) }), {
    where: path,
  });
}

>>>>>>> 9676664c9123d9679e0aac8186f4d148f83e208c
const recentSchema = z.array(z.string()).catch([]);

/** Unsaved work as the screen hands it over to be kept. */
interface UnsavedWork {
  readonly projectId: string;
  /** Whose copy it is: two windows on one project keep one each. */
  readonly copyId?: string;
  readonly project: string;
  /** Undo steps, as text that only the screen reads. */
  readonly history: string;
  /** The grant of its file; null when it has none. */
  readonly file: string | null;
  /** The version of the file that the work began from. */
  readonly version?: string | undefined;
}

/** Opens and saves project files, remembers recent ones, and keeps recovery copies of unsaved work. */
export class ProjectService {
  private readonly home: LabHome;
  private readonly grants: FileGrants;
  private readonly storage: Storage;

  constructor(home: LabHome, grants: FileGrants, storage: Storage) {
    this.home = home;
    this.grants = grants;
    this.storage = storage;
  }

  async open(token: string): Promise<LabResult<'project.open'>> {
    const path = this.grants.resolve(token, 'project', 'read');
    const { text, version } = await this.storage.call('openProject', { path });
    await this.remember(path);
    return { file: { ...this.grants.describe(token), version }, project: text };
  }

  async save(
    project: string,
    target:
      | { file: string; version?: string | undefined }
      | { folder: string; name: string; overwrite?: boolean | undefined },
  ): Promise<LabResult<'project.save'>> {
    const followsLink = 'file' in target;
    const path =
      'file' in target
        ? this.grants.resolve(target.file, 'project', 'write')
        : this.pathInFolder(target.folder, target.name);
    const { version } = await this.storage.call('saveProject', {
      ...{ path, project, followsLink },
      version: 'file' in target ? target.version : undefined,
      overwrite: 'file' in target || target.overwrite === true,
    });
    await this.remember(path);
    const described =
      'file' in target
        ? this.grants.describe(target.file)
        : this.grants.grantBelow(target.folder, path, 'project');
    return { ...must(described, 'grant of a saved project'), version };
  }

  recent(): DescribedPath[] {
    return this.readRecent()
      .filter((path) => existsSync(path))
      .map((path) => this.grants.grant(path, 'project'));
  }

  async keepRecovery({
    projectId,
    copyId = '',
    project,
    history,
    file,
    version,
  }: UnsavedWork): Promise<void> {
    // After a restart of the host the screen still holds grants of the old one: the work is worth more than its file's name.
    const path = file === null ? null : this.grants.findProject(file);
    const kept = this.recoveryFile(projectId, copyId);
    await this.storage.call('keepCopy', { file: kept, copy: { project, copyId, history, path, version } });
  }

  dropRecovery(projectId: string, copyId = ''): void {
    rmSync(this.recoveryFile(projectId, copyId), { force: true });
  }

  /** Unsaved work found on disk, newest first; copies that cannot be read are passed over and left in place. */
  async recoveries(): Promise<LabResult<'project.recoveries'>> {
    const copies = await this.storage.call('copies', { folder: this.home.recovery });
    return copies.map(({ path, version, ...kept }) => ({
      ...kept,
      file: path === null ? null : { ...this.grants.grant(path, 'project'), version },
    }));
  }

  private pathInFolder(folderToken: string, name: string): string {
    const folder = this.grants.resolve(folderToken, 'folder', 'create');
    return join(folder, plainName(name, PROJECT_EXTENSION));
  }

  private async remember(path: string): Promise<void> {
    const recent = [path, ...this.readRecent().filter((other) => other !== path)].slice(0, MAX_RECENT);
    await writeFileAtomic(this.home.recentFile, JSON.stringify(recent));
  }

  private readRecent(): string[] {
    try {
      return recentSchema.parse(JSON.parse(readFileSync(this.home.recentFile, 'utf8')));
    } catch {
      return []; // none yet, or a list not worth failing over
    }
  }

  private recoveryFile(projectId: string, copyId: string): string {
    const name = copyId === '' ? projectId : JSON.stringify([projectId, copyId]);
    return join(this.home.recovery, `${createHash('sha256').update(name).digest('hex').slice(0, 24)}.json`);
  }
}
<<<<<<< 64d099c5752bf3d2c169fa4cb39c3eb79c7b0427
=======

/** The same for the same text. */
function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Throws 'project-changed' when a file stands at `path` that is not of this version: somebody's work that has not been seen here. */
async function refuseChanged(path: string, version: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw toOutputError(error, path);
  });
  if (found === null || versionOf(found) === version) return;
  throw new AppError('project-changed', message('files.projectChanged', { path }), { where: path });
}

/** Most file systems take 255 bytes. */
const LONGEST_FILE_NAME = 200;
const FORBIDDEN = '/ \\ : * ? " < > |';

/** A file name the user typed, with its ending; throws when it would leave the folder or is not a name. */
export function plainName(name: string, ending: string): string {
  const full = name.endsWith(ending) ? name : `${name}${ending}`;
  const isPlain =
    basename(full) === full &&
    !/[\\/:*?"<>|]/.test(full) &&
    !hasControlCharacter(full) &&
    !full.startsWith('.') &&
    full.length <= LONGEST_FILE_NAME;
  if (!isPlain)
    throw new AppError(
      'arguments',
      message('files.badName', { name: JSON.stringify(name), characters: FORBIDDEN }),
    );
  return full;
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((char) => (char.codePointAt(0) ?? 0) < 32);
}

/** Size of a file in bytes. */
export function sizeOf(path: string): number {
  return statSync(path).size;
}
>>>>>>> 9676664c9123d9679e0aac8186f4d148f83e208c
