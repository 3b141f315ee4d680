import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addonCandidates } from './addonFile.ts';
import { explainLoadFailure, loadNativeAddon } from './loadNativeBackend.ts';

describe('loadNativeAddon', () => {
  it('says how to build an addon that is not there', () => {
    const result = loadNativeAddon({ NORMLAB_NATIVE: join(tmpdir(), 'no-such-addon.node') });
    expect(result).toEqual({ missing: expect.stringMatching(/not built .*Build it with: npm run setup/) });
  });

  it('gives the reason when the file is no addon, and does not throw', () => {
    const folder = mkdtempSync(join(tmpdir(), 'normlab-addon-'));
    const file = join(folder, 'broken.node');
    writeFileSync(file, 'not a library');
    expect(loadNativeAddon({ NORMLAB_NATIVE: file })).toEqual({
      missing: expect.stringContaining('does not load'),
    });
    rmSync(folder, { recursive: true });
  });

  it('looks beside this file unless told otherwise', () => {
    expect(addonCandidates('normlab_native.node', undefined)[0]).toMatch(
      /native[\\/]build[\\/]normlab_native\.node$/,
    );
    expect(addonCandidates('normlab_native.node', 'x.node')).toEqual(['x.node']);
  });
});

describe('explainLoadFailure', () => {
  it('names the missing library and the command that brings it', () => {
    const message = 'libdnnl.so.2: cannot open shared object file: No such file or directory';
    expect(explainLoadFailure(message, 'linux')).toMatch(
      /libdnnl\.so\.2 is missing.*apt-get install libdnnl-dev/,
    );
    expect(explainLoadFailure(message, 'darwin')).toContain('brew install onednn');
  });

  it('passes other reasons on', () => {
    expect(explainLoadFailure('invalid ELF header', 'linux')).toContain('invalid ELF header');
  });
});
