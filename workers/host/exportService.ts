import { join } from 'node:path';
import type { LabEvent, LabParams, LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import type { TaskHandle } from '../threads/startThread.ts';
import { startExport } from './exportClient.ts';
import type { ExportFormat, ExportReport } from './exportRun.ts';
import type { FileGrants } from './fileGrants.ts';
import { refuseForeign } from './overwriteGuard.ts';
import { plainName } from './projectService.ts';

const ENDINGS: Readonly<Record<ExportFormat, string>> = { onnx: '.onnx', safetensors: '.safetensors' };

/** Exports runs for the screen, each in a thread of its own, with progress and cancel. */
export class ExportService {
  private readonly folderOf: (runId: string) => string;
  private readonly cacheFolder: string;
  private readonly grants: FileGrants;
  private readonly tell: (event: LabEvent) => void;
  private readonly active = new Map<string, TaskHandle<ExportReport>>();

  /** `folderOf` gives the folder of a run that exists. */
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

  /** The file goes into a granted folder under a plain name. Throws as `startExport` does. */
  async export(request: LabParams<'run.export'>): Promise<LabResult<'run.export'>> {
    const { runId, exportId, format, foldBatchNorm, checkpoint, folder, name, overwrite } = request;
    const inFolder = this.grants.resolve(folder, 'folder', 'create');
    const path = join(inFolder, plainName(name, ENDINGS[format]));
    await refuseForeign(path, format);
    const run = this.folderOf(runId);
    if (this.active.has(exportId)) throw new AppError('arguments', message('exporting.underWay'));
    const { cacheFolder } = this;
    const asked = { run, format, foldBatchNorm, path, overwrite, cacheFolder };
    const handle = startExport(
      { ...asked, ...(checkpoint === undefined ? {} : { checkpoint }) },
      (progress) => this.tell({ event: 'exportProgress', exportId, progress }),
    );
    this.active.set(exportId, handle);
    try {
      const { path: written, notes, ...figures } = await handle.done;
      const file = must(this.grants.grantBelow(folder, written, 'export'), 'grant of an exported file');
      return { file, ...figures, notes: [...notes] };
    } finally {
      this.active.delete(exportId);
    }
  }

  /** Ends an export without a file; one that has just ended needs no cancelling. */
  cancel(exportId: string): void {
    this.active.get(exportId)?.cancel();
  }

  /** Cancels what is under way; resolves when the threads are gone. */
  async close(): Promise<void> {
    const ends = [...this.active.values()].map(({ cancel, done }) => {
      cancel();
      return done.catch(() => undefined);
    });
    await Promise.all(ends);
  }
}
