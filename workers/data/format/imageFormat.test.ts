import { describe, expect, it } from 'vitest';
import { told } from '#core/words/testing.ts';
import { fileKind } from './imageFormat.ts';

const bytes = (text: string, length = 40): Buffer =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(Math.max(0, length - text.length), 0x80)]);
const JPEG = bytes('\xff\xd8\xff\xe0');
const TIFF = bytes('II*\0\x08\0\0\0');
const convert = (kind: string): string => `${kind} is not supported; convert it to JPEG or PNG`;

/** The reason, the format, or "other". */
function described(head: Buffer, name: string): string {
  const kind = fileKind(head, name);
  if (kind.kind === 'image') return kind.format;
  return kind.kind === 'unsupported' ? told(kind.reason) : 'other';
}

describe('what a file is', () => {
  it.each([
    ['JPEG XL', '\0\0\0\x0cJXL \r\n', 'a'],
    ['JPEG XL', '\xff\x0a', 'a.jxl'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n', 'a'],
    ['JPEG-LS', '\xff\xd8\xff\xf7', 'a.jpg'],
    ['HEIC', '\0\0\0\x18ftypheic', 'IMG_1.jpg'],
    ['DICOM', `${'\0'.repeat(128)}DICM`, 'series-001'],
    ['DICOM', 'no preamble', 'a.dcm'],
    ['Photoshop (PSD)', '8BPS\0\x01', 'a.png'],
    ['OpenEXR', '\x76\x2f\x31\x01', 'a.exr'],
    ['Radiance HDR', '#?RADIANCE\n', 'a.hdr'],
    ['FITS', 'SIMPLE  =                    T', 'a.fits'],
    ['NumPy (NPY)', '\x93NUMPY\x01\0', 'a.npy'],
    ['NIfTI', '\x1f\x8b\x08', 'brain.nii.gz'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg">', 'a.svg'],
    ['SVG', '<?xml version="1.0"?><svg>', 'a.svg'],
    ['ICO', '\0\0\x01\0\x01\0', 'a.ico'],
    ['PAM', 'P7\nWIDTH 3\n', 'a.pam'],
    ['PCX', '\x0a\x05\x01\x08', 'a.pcx'],
    ['DDS', 'DDS |', 'a.dds'],
    ['QOI', 'qoif', 'a.qoi'],
    ['Whole-slide data', 'II*x', 'a.svs'],
  ])('names %s instead of passing it over', (kind, head, name) => {
    expect(described(bytes(head), name)).toBe(convert(kind));
  });

  it.each('3fr arw cr2 cr3 dng iiq kdc nef nrw orf pef raf rw2 srw'.split(' '))(
    'takes no .%s for the preview inside it',
    (extension) => {
      expect(described(TIFF, `DSC_1.${extension.toUpperCase()}`)).toMatch(
        /^camera raw files are not supported/,
      );
    },
  );

  it.each([
    ['\0\0\0\x18ftypcrx ', 'a.jpg'],
    ['FUJIFILMCCD-RAW ', 'a'],
    ['IIU\0', 'a'],
    ['IIRO', 'a.tif'],
  ])('knows a raw file by its bytes, too: %j %s', (head, name) => {
    expect(described(bytes(head), name)).toMatch(/^camera raw files/);
  });

  it.each(['1.jpg~', '1.jpg.bak', '1.PNG.orig', 'sub/1.tif.old', '1.jpeg.part', '1.gif.swp'])(
    'tells a backup and does not use it: %s',
    (name) => {
      expect(described(JPEG, name)).toMatch(/^a backup or an unfinished copy by its name/);
    },
  );

  it('goes by the bytes where the name promises nothing', () => {
    expect(described(JPEG, '63f3a9')).toBe('jpeg');
    expect(described(JPEG, 'photo.nef')).toBe('jpeg');
    expect(described(bytes('P5 3 2 255\n'), 'frame0001')).toBe('pnm');
    expect(described(bytes('II+\0\x08\0\0\0'), 'big.tif')).toBe('tiff');
    expect(described(bytes('\0\0\0\x20ftypmif1\0\0\0\0mif1avif'), 'a.avif')).toBe('avif');
  });

  it.each([
    ['notes.txt', 'hello'],
    ['labels.xml', '<?xml version="1.0"?><annotation>'],
    ['Makefile', 'all:\n'],
    ['report.pdf', '%PDF-1.4'],
    ['table.csv', 'file,label\n'],
    ['notes.txt~', 'hello'],
    ['weights.bin', '\0\0\x02\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\x20\0'],
    ['train-images-idx3-ubyte', '\0\0\x08\x03\0\0\xea\x60'],
  ])('passes over what is no image: %s', (name, head) => {
    expect(described(bytes(head), name)).toBe('other');
  });

  it.each([
    ['a.png', '', 'the file is empty'],
    ['a.jpg', 'version https://git-lfs.github.com/spec/v1\noid sha256:', 'it is a pointer of Git LFS'],
    ['a.jpg', '<!DOCTYPE html>', 'it holds a web page'],
    ['a.png', 'hello, this is plain text in no way an image', 'it holds text'],
  ])('says what a false image is: %s %j', (name, head, reason) => {
    expect(described(Buffer.from(head, 'latin1'), name)).toContain(reason);
  });
});
