import { describe, expect, it } from 'vitest';
import { isFileName, toFileName, withProjectExtension } from './fileNames.ts';

describe('file names', () => {
  it('accepts names and refuses paths', () => {
    for (const name of ['a', 'garden birds.onnx', '鸟.safetensors', 'a.b'])
      expect(isFileName(name)).toBe(true);
    for (const name of ['', '  ', '.', '..', '.hidden', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(201)])
      expect(isFileName(name)).toBe(false);
  });

  it('gives projects their ending once', () => {
    expect(withProjectExtension('birds')).toBe('birds.normlab.json');
    expect(withProjectExtension('birds.json')).toBe('birds.normlab.json');
    expect(withProjectExtension(' birds.normlab.json ')).toBe('birds.normlab.json');
  });

  it('makes a file name out of anything', () => {
    expect(toFileName('a/b: "c"')).toBe('a-b- -c-');
    for (const text of ['..', '', '\0', '///', 'x'.repeat(500)])
      expect(isFileName(toFileName(text))).toBe(true);
  });
});
