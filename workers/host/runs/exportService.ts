import { join } from 'node:path';
import type { LabEvent, LabParams, LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { TaskSet } from '../../threads/taskSet.ts';
import { formatOf } from '#core/export/formats.ts';
import { startExport } from '../../export/exportClient.ts';
import type { ExportReport } from '../../export/writeVerified.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import { refuseForeign } from '../storage/overwriteGuard.ts';
import { plainName } from '../projects/plainName.ts';

/** How long `close` waits for a thread; a thread that computes is terminated from outside long before. */
const CLOSE_TIMEOUT_MS = 30_000;

/** Exports runs for the screen, each in a thread of its own, with progress and cancel. */
export class ExportService {
  private readonly folderOf: (runId: string) => string;
  private readonly cacheFolder: string;
  private readonly grants: FileGrants;
  private readonly tell: (event: LabEvent) => void;
  private readonly active = new TaskSet<ExportReport>();

  /** `folderOf` returns the folder of an existing run. */
  constructor(
    folderOf: (runId: string) => string,
    cacheFolder: string,
    grants: FileGrants,
    tell: (event: LabEvent) => void,
  ) {
    this.folderOf = folderOf;
    this.cacheFolder = cacheFolder;
    this.grants = grants;
    this.tell = tell;
  }

  /** The file is written into a granted folder under a plain name. Throws as `startExport` does. */
  async export(request: LabParams<'run.export'>): Promise<LabResult<'run.export'>> {
    const { runId, exportId, format, foldBatchNorm, checkpoint, folder, name, overwrite } = request;
    const inFolder = this.grants.resolve(folder, 'folder', 'create');
    const path = join(inFolder, plainName(name, formatOf(format).ending));
    await refuseForeign(path, format);
    const run = this.folderOf(runId);
    if (this.active.has(exportId)) throw new AppError('arguments', message('exporting.underWay'));
    const { cacheFolder } = this;
    const asked = { run, format, foldBatchNorm, path, overwrite, cacheFolder };
    const handle = startExport(
      { ...asked, ...(checkpoint === undefined ? {} : { checkpoint }) },
      (progress) => this.tell({ event: 'exportProgress', exportId, progress }),
    );
    const { path: written, notes, ...figures } = await this.active.run(exportId, handle);
    const file = must(this.grants.grantBelow(folder, written, 'export'), 'grant of an exported file');
    return { file, ...figures, notes: [...notes] };
  }

  /** Cancels an export, which then leaves no file; one that has just ended is not affected. */
  cancel(exportId: string): void {
    this.active.cancel(exportId);
  }

  /** Cancels the exports in progress; resolves when the threads have ended. */
  close(): Promise<void> {
    return this.active.close(CLOSE_TIMEOUT_MS);
  }
}
