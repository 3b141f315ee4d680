import { message } from '../../words/message.ts';
import { countOf, denseStrides, readElements } from '../elements.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import type { ForeignDtype } from '../foreignModel.ts';
import { latin1 } from '../latin1.ts';
import { readNpyHeader, type NpyHeader } from './npyHeader.ts';

const DTYPES: ReadonlyMap<string, ForeignDtype> = new Map([
  ['f8', 'f64'],
  ['f4', 'f32'],
  ['f2', 'f16'],
  ['i8', 'i64'],
  ['i4', 'i32'],
  ['i2', 'i16'],
  ['i1', 'i8'],
  ['u8', 'u64'],
  ['u4', 'u32'],
  ['u2', 'u16'],
  ['u1', 'u8'],
  ['b1', 'bool'],
]);

/** An array of a `.npy` file: numbers, or texts of a fixed length. */
export type NpyArray =
  | {
      readonly kind: 'numbers';
      readonly dims: readonly number[];
      readonly dtype: ForeignDtype;
      /** The elements in C order. */
      readonly read: () => Float32Array<ArrayBuffer>;
    }
  | { readonly kind: 'texts'; readonly texts: readonly string[] };

/** The bytes of a `.npy` file, of which the first suffice to describe the array. */
export interface NpySource {
  readonly size: number;
  /** The first `HEADER_REACH` bytes or more. */
  readonly start: Uint8Array<ArrayBuffer>;
  readonly content: () => Uint8Array<ArrayBuffer>;
}

/** The array in a `.npy` file. Throws a fault with `name` for types that are not read. */
export function readNpy(name: string, { size, start, content }: NpySource): NpyArray {
  const header = readNpyHeader(start);
  const { descr, dims, dataStart, fortranOrder } = header;
  const { order, type, width } = typeOf(name, descr);
  const wanted = countOf(dims) * width;
  if (size - dataStart !== wanted)
    throw brokenFile(message('weightFiles.arrayBytes', { name, wanted, found: size - dataStart }));
  if (type === 'U' || type === 'S')
    return { kind: 'texts', texts: readTexts(content(), header, type, width, order) };
  const dtype = DTYPES.get(`${type}${width}`);
  if (dtype === undefined)
    throw unsupportedFile(message('weightFiles.tensorType', { name, type: descr ?? '' }));
  const placement = { dims, strides: denseStrides(dims, fortranOrder), offset: 0 };
  const read = (): Float32Array<ArrayBuffer> =>
    readElements(content().subarray(dataStart), dtype, placement, order !== '>');
  return { kind: 'numbers', dims, dtype, read };
}

interface NpyType {
  /** `<` little-endian, `>` big-endian, `|` of no meaning, `=` of the writer's machine. */
  readonly order: string;
  readonly type: string;
  /** Bytes per element. */
  readonly width: number;
}

function typeOf(name: string, descr: string | null): NpyType {
  const { order, type, size } =
    /^(?<order>[<>|=])(?<type>[a-zA-Z])(?<size>\d{0,9})$/u.exec(descr ?? '')?.groups ?? {};
  if (type === 'O') throw unsupportedFile(message('weightFiles.objectArray', { name }));
  if (order === undefined || type === undefined || size === undefined)
    throw unsupportedFile(message('weightFiles.structuredArray', { name }));
  return { order, type, width: Number(size) * (type === 'U' ? 4 : 1) };
}

/** Texts of a fixed number of characters: UCS-4 (`U`) or bytes (`S`), filled up with zeros. */
function readTexts(
  content: Uint8Array<ArrayBuffer>,
  { dims, dataStart }: NpyHeader,
  type: 'U' | 'S',
  width: number,
  order: string,
): readonly string[] {
  const count = width === 0 ? 0 : countOf(dims);
  return Array.from({ length: count }, (_, index) => {
    const part = content.subarray(dataStart + index * width, dataStart + (index + 1) * width);
    const text = type === 'S' ? latin1(part) : fromUcs4(part, order !== '>');
    return text.replace(/\0+$/u, '');
  });
}

function fromUcs4(bytes: Uint8Array<ArrayBuffer>, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const points = Array.from({ length: bytes.length / 4 }, (_, index) =>
    view.getUint32(index * 4, littleEndian),
  );
  return points.map((point) => (point <= 0x10_ffff ? String.fromCodePoint(point) : '\ufffd')).join('');
}
