import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { levelsBeside } from '#core/contract/engineProblem.ts';
import { addonCandidates } from './addonFile.ts';
import { levelProblem, loadNativeAddon, loadProblem } from './loadNativeBackend.ts';
import { requireAddon } from './testing/programs.ts';

describe('loadNativeAddon', () => {
  it('gives a reason for an addon that is not there', () => {
    const result = loadNativeAddon({ NORMLAB_NATIVE: join(tmpdir(), 'no-such-addon.node') });
    expect(result).toEqual({ problem: expect.objectContaining({ cause: expect.any(String) }) });
  });

  it('gives the reason when the file is no addon, and does not throw', () => {
    const folder = mkdtempSync(join(tmpdir(), 'normlab-addon-'));
    const file = join(folder, 'broken.node');
    writeFileSync(file, 'not a library');
    expect(loadNativeAddon({ NORMLAB_NATIVE: file })).toEqual({
      problem: { cause: 'load-failed', detail: expect.any(String) },
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

describe('the level of this machine', () => {
  const { machine, isa } = requireAddon().describeLibrary();

  it('belongs to its architecture, and so does the instruction set of oneDNN', () => {
    const isArm = process.arch === 'arm64';
    expect(machine === 'neon').toBe(isArm);
    expect(/^(neon|sve_\d+)$/.test(isa)).toBe(isArm);
  });

  it.each(['v2', 'v3', 'v4', 'amx', 'neon', 'avx2'])('decides whether NORMLAB_CPU=%s loads', (wanted) => {
    const problem = levelProblem(wanted, machine);
    const result = loadNativeAddon({ ...process.env, NORMLAB_CPU: wanted });
    expect('problem' in result ? result.problem : null).toEqual(problem);
    expect(problem === null).toBe(
      levelsBeside(machine)
        .slice(0, 1 + levelsBeside(machine).indexOf(machine))
        .some((each) => each === wanted),
    );
  });
});

describe('loadProblem', () => {
  it('names the missing library', () => {
    const message = 'libdnnl.so.2: cannot open shared object file: No such file or directory';
    expect(loadProblem(message)).toEqual({ cause: 'missing-library', library: 'libdnnl.so.2' });
  });

  it('passes other reasons on', () => {
    expect(loadProblem('invalid ELF header')).toEqual({ cause: 'load-failed', detail: 'invalid ELF header' });
  });
});

describe('levelProblem', () => {
  it('refuses levels that are unknown or above the machine', () => {
    expect(levelProblem('v4', 'v3')).toEqual({ cause: 'cpu-level', wanted: 'v4', machine: 'v3' });
    expect(levelProblem('avx2', 'amx')).toEqual({ cause: 'cpu-level', wanted: 'avx2', machine: 'amx' });
  });

  it('refuses every level of x86-64 on arm64', () => {
    for (const wanted of ['v2', 'v3', 'v4', 'amx'])
      expect(levelProblem(wanted, 'neon')).toEqual({ cause: 'cpu-level', wanted, machine: 'neon' });
    expect(levelProblem('neon', 'neon')).toBeNull();
    expect(levelProblem('neon', 'amx')).toEqual({ cause: 'cpu-level', wanted: 'neon', machine: 'amx' });
  });

  it('accepts those of the machine', () => {
    for (const wanted of [undefined, 'v2', 'v3']) expect(levelProblem(wanted, 'v3')).toBeNull();
  });
});
