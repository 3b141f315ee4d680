import { join } from 'node:path';
import type { LabEvent, LabParams, LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { TaskSet } from '../../threads/taskSet.ts';
import { formatOf, isFolderFormat } from '#core/export/formats.ts';
import { startExport } from '../../export/exportClient.ts';
import { startMeasureFold } from '../../export/measureFoldClient.ts';
import type { ExportReport } from '../../export/exportRequest.ts';
import type { FoldMeasurement } from '#core/contract/normPreview.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import type { Reading } from '../reading/readingThread.ts';
import { refuseForeign, refuseForeignFolder } from '../storage/overwriteGuard.ts';
import { plainName } from '../projects/plainName.ts';

/** How long `close` waits for a thread; a thread that computes is terminated from outside long before. */
const CLOSE_TIMEOUT_MS = 30_000;

/** Exports runs for the screen, each in a thread of its own, with progress and cancel. */
export class ExportService {
  private readonly folderOf: (runId: string) => string;
  private readonly cacheFolder: string;
  private readonly grants: FileGrants;
  private readonly tell: (event: LabEvent) => void;
  private readonly reading: Reading;
  private readonly active = new TaskSet<ExportReport>();
  private readonly measuring = new TaskSet<FoldMeasurement>();

  /** `folderOf` returns the folder of an existing run. */
  constructor(
    folderOf: (runId: string) => string,
    cacheFolder: string,
    grants: FileGrants,
    tell: (event: LabEvent) => void,
    reading: Reading,
  ) {
    this.reading = reading;
    this.folderOf = folderOf;
    this.cacheFolder = cacheFolder;
    this.grants = grants;
    this.tell = tell;
  }

  /** The file is written into a granted folder under a plain name. Throws as `startExport` does. */
  async export(request: LabParams<'run.export'>): Promise<LabResult<'run.export'>> {
    const { runId, exportId, format, checkpoint, folder, name, ...asked } = request;
    const inFolder = this.grants.resolve(folder, 'folder', 'create');
    const path = join(inFolder, plainName(name, isFolderFormat(format) ? '' : formatOf(format).ending));
    await (isFolderFormat(format) ? refuseForeignFolder(path) : refuseForeign(path, format));
    const run = this.folderOf(runId);
    this.refuseTaken(exportId);
    const { cacheFolder } = this;
    const handle = startExport(
      { ...asked, run, format, path, cacheFolder, ...(checkpoint === undefined ? {} : { checkpoint }) },
      (progress) => this.tell({ event: 'exportProgress', exportId, progress }),
    );
    const {
      path: written,
      notes,
      ...figures
    } = await Promise.race([this.active.run(exportId, handle), handle.cancelled]);
    const file = must(this.grants.grantBelow(folder, written, 'export'), 'grant of an exported file');
    return { file, ...figures, notes: [...notes] };
  }

  /** What the export would express in another way. Throws as `readDifferences`. */
  async differences({
    runId,
    ...asked
  }: LabParams<'run.exportDifferences'>): Promise<LabResult<'run.exportDifferences'>> {
    const run = this.folderOf(runId);
    return { differences: [...(await this.reading.call('differences', { run, ...asked }))] };
  }

  /** What an export does with each BatchNorm block, and findings about the weights. Throws as `readNormPreview`. */
  normPreview({ runId, checkpoint }: LabParams<'run.normPreview'>): Promise<LabResult<'run.normPreview'>> {
    const run = this.folderOf(runId);
    return this.reading.call('normPreview', { run, ...(checkpoint === undefined ? {} : { checkpoint }) });
  }

  /** Compares the network with itself folded. Throws as `startMeasureFold` does. */
  async measureFold(request: LabParams<'run.measureFold'>): Promise<LabResult<'run.measureFold'>> {
    const { runId, exportId, checkpoint } = request;
    const run = this.folderOf(runId);
    this.refuseTaken(exportId);
    const { cacheFolder } = this;
    const asked = { run, cacheFolder, ...(checkpoint === undefined ? {} : { checkpoint }) };
    const handle = startMeasureFold(asked, (progress) =>
      this.tell({ event: 'exportProgress', exportId, progress }),
    );
    return this.measuring.run(exportId, handle);
  }

  /**
   * Cancels an export or a comparison, which is answered at once. An export leaves no file; what its thread has written
   * is removed when the thread ends. One that has just ended is not affected.
   */
  cancel(exportId: string): void {
    this.active.cancel(exportId);
    this.measuring.cancel(exportId);
  }

  private refuseTaken(exportId: string): void {
    if (this.active.has(exportId) || this.measuring.has(exportId))
      throw new AppError('arguments', message('exporting.underWay'));
  }

  /** Cancels the exports and comparisons in progress; resolves when the threads have ended. */
  async close(): Promise<void> {
    await Promise.all([this.active.close(CLOSE_TIMEOUT_MS), this.measuring.close(CLOSE_TIMEOUT_MS)]);
  }
}
