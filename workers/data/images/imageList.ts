import { growTo } from './growTo.ts';
import { DEPTHS, type Depth } from '../pixels/depth.ts';
import { IMAGE_FORMATS } from '../format/imageFormat.ts';
import { PackedNames } from './packedNames.ts';
import type { ProbedImage } from './probeFile.ts';

export interface ScannedImage extends ProbedImage {
  /** Relative to the folder, with '/', exactly as named in the file system. */
  readonly file: string;
  /** Index into `FolderScan.classes`. */
  readonly classIndex: number;
}

/** The interface of a list of images; arrays satisfy it as well. */
export interface Sequence<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): T | undefined;
}

/**
 * The images of a scan, as columns of numbers and one buffer for the names: about 40 bytes plus the name for each, so
 * that a million images take less than 100 MB. An object is created for an image only on access.
 */
export class ImageList implements Sequence<ScannedImage> {
  private readonly columns: Columns;
  private readonly classes: Uint32Array;

  constructor(columns: Columns, classes: Uint32Array = columns.classIndex) {
    this.columns = columns;
    this.classes = classes;
  }

  get length(): number {
    return this.columns.names.length;
  }

  /** Undefined outside 0 to `length` - 1. */
  at(index: number): ScannedImage | undefined {
    const { names, numbers, sizes, kinds } = this.columns;
    if (!(index >= 0 && index < this.length)) return undefined;
    const kind = kinds[index] ?? 0;
    return {
      file: names.at(index),
      classIndex: this.classOf(index),
      sizeBytes: numbers[index * 2] ?? 0,
      modifiedMs: numbers[index * 2 + 1] ?? 0,
      width: sizes[index * 2] ?? 0,
      height: sizes[index * 2 + 1] ?? 0,
      channels: kind & 1 ? 3 : 1,
      format: IMAGE_FORMATS[(kind >> 4) & 15] ?? 'jpeg',
      depth: DEPTHS[kind >> 8] ?? 'byte',
      orientation: ((kind >> 1) & 7) + 1,
    };
  }

  fileOf(index: number): string {
    return this.columns.names.at(index);
  }

  classOf(index: number): number {
    return this.classes[index] ?? 0;
  }

  *[Symbol.iterator](): Iterator<ScannedImage> {
    for (const index of this.keys()) {
      const image = this.at(index);
      if (image !== undefined) yield image;
    }
  }

  *keys(): Generator<number, undefined> {
    for (let index = 0; index < this.length; index++) yield index;
    return undefined;
  }

  depthOf(index: number): Depth {
    return DEPTHS[(this.columns.kinds[index] ?? 0) >> 8] ?? 'byte';
  }

  /** The first `count` files of a class. */
  filesOfClass(classIndex: number, count: number): string[] {
    const files: string[] = [];
    for (let index = 0; index < this.length && files.length < count; index++)
      if (this.classOf(index) === classIndex) files.push(this.fileOf(index));
    return files;
  }

  /** The same images with other class numbers: `numbers[old]` is the new one. */
  withClasses(numbers: ArrayLike<number>): ImageList {
    const renumbered = Uint32Array.from(
      { length: this.length },
      (_, index) => numbers[this.classOf(index)] ?? 0,
    );
    return new ImageList(this.columns, renumbered);
  }
}

interface Columns {
  readonly names: PackedNames;
  readonly classIndex: Uint32Array;
  /** Bytes and modification time of each file. */
  readonly numbers: Float64Array;
  /** Width and height. */
  readonly sizes: Uint32Array;
  /** Channels, orientation, format and depth: 1, 3, 4 and 2 bits. */
  readonly kinds: Uint16Array;
}

/** Collects images one after another into a list. */
export class ImageListBuilder {
  private readonly names = new PackedNames();
  private classIndex = new Uint32Array(64);
  private numbers = new Float64Array(128);
  private sizes = new Uint32Array(128);
  private kinds = new Uint16Array(64);

  get length(): number {
    return this.names.length;
  }

  add(file: string, classIndex: number, image: ProbedImage): void {
    const at = this.length;
    this.classIndex = growTo(this.classIndex, at + 1);
    this.numbers = growTo(this.numbers, at * 2 + 2);
    this.sizes = growTo(this.sizes, at * 2 + 2);
    this.kinds = growTo(this.kinds, at + 1);
    this.classIndex[at] = classIndex;
    this.numbers.set([image.sizeBytes, image.modifiedMs], at * 2);
    this.sizes.set([image.width, image.height], at * 2);
    const format = IMAGE_FORMATS.indexOf(image.format);
    this.kinds[at] =
      (image.channels === 3 ? 1 : 0) |
      ((image.orientation - 1) << 1) |
      (format << 4) |
      (DEPTHS.indexOf(image.depth) << 8);
    this.names.add(file);
  }

  finish(): ImageList {
    const { names, classIndex, numbers, sizes, kinds } = this;
    return new ImageList({ names, classIndex, numbers, sizes, kinds });
  }
}

/** The list of these images. */
export function imageListOf(images: Iterable<ScannedImage>): ImageList {
  const builder = new ImageListBuilder();
  for (const image of images) builder.add(image.file, image.classIndex, image);
  return builder.finish();
}
