import type { ImageFilter, ImagePlace, ImageRow, ImageView } from '#core/contract/imageRows.ts';
import type { FolderScan } from '../../data/scan/scanFolder.ts';
import { trainingSides } from '../../data/split/trainingSides.ts';

/**
 * A scanned folder as a run would use it: the class and the side of each image. Skipped files come after the images.
 */
export class FolderView {
  private readonly scan: FolderScan;
  private readonly relabelled: ReadonlyMap<string, string>;
  private readonly excluded: ReadonlySet<string>;
  private readonly validation: ReadonlySet<string>;

  constructor(scan: FolderScan, view: ImageView) {
    this.scan = scan;
    this.relabelled = new Map(Object.entries(view.edits.relabelled));
    this.excluded = new Set(view.edits.excluded);
    const { scan: edited, validation } = trainingSides(scan, view);
    this.validation = new Set(Array.from(validation, (index) => edited.images.fileOf(index)));
  }

  get length(): number {
    return this.scan.images.length + this.scan.skipped.length;
  }

  /** Row numbers that match a filter, ascending. */
  select(filter: ImageFilter): Uint32Array {
    const text = filter.text?.toLowerCase();
    const isWanted = (row: number): boolean => {
      const index = row < this.scan.images.length ? row : null;
      const file = this.fileOf(row);
      if (filter.place !== undefined && this.placeOf(index, file) !== filter.place) return false;
      if (
        filter.className !== undefined &&
        (index === null || this.classOf(index, file) !== filter.className)
      )
        return false;
      if (filter.maxSide !== undefined && !this.isSmall(index, filter.maxSide)) return false;
      return text === undefined || file.toLowerCase().includes(text);
    };
    const rows = new Uint32Array(this.length);
    let count = 0;
    for (let row = 0; row < this.length; row += 1) if (isWanted(row)) rows[count++] = row;
    return rows.slice(0, count);
  }

  rowAt(row: number): ImageRow {
    const image = this.scan.images.at(row);
    if (image === undefined) return this.skippedRow(row - this.scan.images.length);
    const given = this.scan.classes[image.classIndex]?.name ?? '';
    const className = this.classOf(row, image.file);
    return {
      file: image.file,
      place: this.placeOf(row, image.file),
      className,
      givenClass: given === className ? null : given,
      index: row,
      width: image.width,
      height: image.height,
      sizeBytes: image.sizeBytes,
      format: image.format,
      reason: null,
    };
  }

  private skippedRow(at: number): ImageRow {
    const { file = '', reason = null } = this.scan.skipped[at] ?? {};
    return {
      file,
      place: 'skipped',
      className: '',
      givenClass: null,
      index: null,
      width: 0,
      height: 0,
      sizeBytes: 0,
      format: '',
      reason,
    };
  }

  private fileOf(row: number): string {
    const { images, skipped } = this.scan;
    return row < images.length ? images.fileOf(row) : (skipped[row - images.length]?.file ?? '');
  }

  private classOf(index: number, file: string): string {
    return this.relabelled.get(file) ?? this.scan.classes[this.scan.images.classOf(index)]?.name ?? '';
  }

  private placeOf(index: number | null, file: string): ImagePlace {
    if (index === null) return 'skipped';
    if (this.excluded.has(file)) return 'excluded';
    return this.validation.has(file) ? 'validation' : 'train';
  }

  private isSmall(index: number | null, maxSide: number): boolean {
    const image = index === null ? undefined : this.scan.images.at(index);
    return image !== undefined && Math.min(image.width, image.height) <= maxSide;
  }
}
