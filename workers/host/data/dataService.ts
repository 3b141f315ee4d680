import { join } from 'node:path';
import type { FolderReading } from '#core/contract/folderReading.ts';
import type { ImageFilter, ImageView } from '#core/contract/imageRows.ts';
import type { LabEvent, LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { tableHeader } from '../../data/labels/tableHeader.ts';
import { resolveParts } from '../../data/parts/resolveParts.ts';
import { scanFolder, type FolderScan } from '../../data/scan/scanFolder.ts';
import { compareScans } from '../../data/scan/compareScans.ts';
import { Selections } from './selections.ts';
import { lookAtPixels } from '../../data/scan/lookAtPixels.ts';
import { summarize } from '../../data/scan/summary.ts';
import { trainingSides } from '../../data/split/trainingSides.ts';
import { thumbnailPng } from './thumbnail.ts';
import { countClasses } from '../../data/split/classCounts.ts';
import type { FileGrants } from '../grants/fileGrants.ts';
import { isNameBelow } from '../../files/realPath.ts';
import { SampleImages, type AskedImages } from './sampleImages.ts';

/** Shortest time between two progress events. */
const PROGRESS_EVERY_MS = 100;
/** Number of scans kept for thumbnails; a folder whose scan was dropped is scanned again. */
const KEPT_SCANS = 8;

interface ImagesRequest {
  readonly folder: string;
  readonly view: ImageView;
  readonly filter: ImageFilter;
  readonly from: number;
  readonly count: number;
}

/** Converts the folder grants of requests into paths, and back. */
type PathSource = Pick<FileGrants, 'resolve' | 'grant'>;

/** Scans image folders for the Data panel, with progress and cancel, and draws thumbnails. */
export class DataService {
  private readonly grants: PathSource;
  private readonly tell: (event: LabEvent) => void;
  private readonly running = new Map<string, AbortController>();
  private readonly samples: SampleImages;
  private readonly scans = new Map<string, FolderScan>();
  /** The options with which each folder was last read. */
  private readonly readings = new Map<string, FolderReading>();
  private readonly selections = new Selections();

  constructor(grants: PathSource, tell: (event: LabEvent) => void, cacheFolder: string) {
    this.grants = grants;
    this.tell = tell;
    this.samples = new SampleImages(cacheFolder);
  }

  async scan(folder: string, scanId: string, reading?: FolderReading): Promise<LabResult<'data.scan'>> {
    const path = this.grants.resolve(folder, 'folder', 'read');
    const controller = new AbortController();
    this.running.get(scanId)?.abort();
    this.running.set(scanId, controller);
    try {
      const onProgress = this.progressTeller(scanId);
      if (reading !== undefined) this.readings.set(path, reading);
      const scan = await scanFolder(path, { ...reading, signal: controller.signal, onProgress });
      const { warnings } = await lookAtPixels(scan, { signal: controller.signal });
      const before = this.scans.get(path);
      this.keep(path, scan);
      const changes = before === undefined ? null : compareScans(before, scan);
      return { folder: this.grants.grant(path), summary: summarize(scan, warnings), changes };
    } catch (thrown) {
      if (controller.signal.aborted)
        throw new AppError('interrupted', message('folders.scanCancelled'), { where: path });
      throw thrown;
    } finally {
      if (this.running.get(scanId) === controller) this.running.delete(scanId);
    }
  }

  cancel(scanId: string): void {
    this.running.get(scanId)?.abort();
  }

  /** See `resolveParts`. */
  parts(folder: string): LabResult<'data.parts'> {
    const { train, validation, test, found } = resolveParts(this.grants.resolve(folder, 'folder', 'read'));
    const second = validation ?? test;
    return {
      train: this.grants.grant(train),
      validation: second === null ? null : this.grants.grant(second),
      found:
        found === null
          ? null
          : {
              train: found.train,
              validation: found.validation,
              test: found.test,
              leftOut: found.leftOut.map((part) => ({ ...part })),
            },
    };
  }

  tableHeader(folder: string): LabResult<'data.tableHeader'> {
    const found = tableHeader(this.grants.resolve(folder, 'folder', 'read'));
    return found === null
      ? null
      : { name: found.name, header: [...found.header], example: [...found.example] };
  }

  /** The first images of a class, without those that cannot be decoded. */
  async thumbnails(
    folder: string,
    className: string,
    count: number,
    sizePx: number,
  ): Promise<LabResult<'data.thumbnails'>> {
    const path = this.grants.resolve(folder, 'folder', 'read');
    const scan = await this.scanned(path);
    const classIndex = scan.classes.findIndex((entry) => entry.name === className);
    const files = scan.images.filesOfClass(classIndex, count);
    const drawn = await Promise.all(files.map((file) => drawThumbnail(join(scan.root, file), file, sizePx)));
    return drawn.filter((thumbnail) => thumbnail !== null);
  }

  /** Images decoded as training decodes them; see `SampleImages.draw`. */
  async sampled(folder: string, asked: AskedImages): Promise<LabResult<'data.samples'>> {
    return this.samples.draw(await this.scanned(this.grants.resolve(folder, 'folder', 'read')), asked);
  }

  /**
   * A page of images. The view and the selection of the last request are cached: scrolling requests page after page.
   */
  async images(request: ImagesRequest): Promise<LabResult<'data.images'>> {
    const path = this.grants.resolve(request.folder, 'folder', 'read');
    const scan = await this.scanned(path);
    const selection = this.selections.open(scan, request.view, request.filter);
    const rows = selection.rows.subarray(request.from, request.from + request.count);
    return { total: selection.rows.length, rows: Array.from(rows, (row) => selection.view.rowAt(row)) };
  }

  /** The classes of a run with this view, each with the number of its training images. */
  async trainingClasses(folder: string, view: ImageView): Promise<LabResult<'data.trainingClasses'>> {
    const { scan, train } = trainingSides(
      await this.scanned(this.grants.resolve(folder, 'folder', 'read')),
      view,
    );
    const labels = Int32Array.from(train, (index) => scan.images.classOf(index));
    const counts = countClasses(labels, scan.classes.length);
    return scan.classes.map(({ name }, index) => ({ name, count: counts[index] ?? 0 }));
  }

  /** Draws thumbnails of files of a folder; the files must belong to its scan. */
  async drawFiles(
    folder: string,
    files: readonly string[],
    sizePx: number,
  ): Promise<LabResult<'data.drawFiles'>> {
    const scan = await this.scanned(this.grants.resolve(folder, 'folder', 'read'));
    const drawn = await Promise.all(
      files
        .filter((file) => isNameBelow(scan.root, file))
        .map((file) => drawThumbnail(join(scan.root, file), file, sizePx)),
    );
    return drawn.filter((thumbnail) => thumbnail !== null);
  }

  close(): void {
    for (const controller of this.running.values()) controller.abort();
  }

  private progressTeller(scanId: string): (done: number, total: number | null) => void {
    let toldAt = 0;
    return (done, total) => {
      const now = performance.now();
      if (now - toldAt < PROGRESS_EVERY_MS && done !== total) return;
      toldAt = now;
      this.tell({ event: 'dataProgress', scanId, done, total });
    };
  }

  private async scanned(path: string): Promise<FolderScan> {
    const scan = this.scans.get(path) ?? (await scanFolder(path, this.readings.get(path)));
    this.keep(path, scan);
    return scan;
  }

  private keep(path: string, scan: FolderScan): void {
    this.scans.delete(path);
    this.scans.set(path, scan);
    const oldest = this.scans.keys().next().value;
    if (this.scans.size > KEPT_SCANS && oldest !== undefined) this.scans.delete(oldest);
  }
}

async function drawThumbnail(
  path: string,
  file: string,
  sizePx: number,
): Promise<{ file: string; dataUrl: string } | null> {
  try {
    const png = await thumbnailPng(path, sizePx);
    return { file, dataUrl: `data:image/png;base64,${png.toString('base64')}` };
  } catch {
    return null;
  }
}
