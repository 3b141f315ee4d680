import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LabResult } from '#core/contract/labApi.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { writeFileAtomic } from '../../files/atomicFile.ts';
import type { LabHome } from '../../files/labHome.ts';
import type { DescribedPath, FileGrants } from '../grants/fileGrants.ts';
import type { Storage } from '../storage/storageThread.ts';
import { plainName } from './plainName.ts';

const MAX_RECENT = 12;
const recentSchema = z.array(z.string()).catch([]);

/** Unsaved work that the screen sends for safekeeping. */
interface UnsavedWork {
  readonly projectId: string;
  /** The owner of the copy: two windows on one project keep one each. */
  readonly copyId?: string;
  readonly project: string;
  /** Undo steps, as text that only the screen reads. */
  readonly history: string;
  /** The grant of its file; null when it has none. */
  readonly file: string | null;
  /** The version of the file on which the work is based. */
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
    const { text, version } = await this.storage.call('openProject', {
      path,
      weightsFolder: this.home.weights,
    });
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
      ...{ path, project, followsLink, weightsFolder: this.home.weights },
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
    // After a restart of the host the screen still holds grants of the old one: the work matters more than the name of
    // its file.
    const path = file === null ? null : this.grants.findProject(file);
    const kept = this.recoveryFile(projectId, copyId);
    await this.storage.call('keepCopy', { file: kept, copy: { project, copyId, history, path, version } });
  }

  dropRecovery(projectId: string, copyId = ''): void {
    rmSync(this.recoveryFile(projectId, copyId), { force: true });
  }

  /** Unsaved work found on disk, newest first; unreadable copies are skipped and stay on disk. */
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
