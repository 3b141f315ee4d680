import { describe, expect, it } from 'vitest';
import type { RunState } from '#core/contract/run.ts';
import { exportName, nameFor, suggestedName, withFormat } from './exportState.ts';

describe('export names', () => {
  it('gives the format its ending once', () => {
    expect(suggestedName('garden/birds', 'onnx')).toBe('garden-birds.onnx');
    expect(exportName(' birds ', 'onnx')).toBe('birds.onnx');
    expect(exportName('birds.onnx', 'onnx')).toBe('birds.onnx');
    expect(exportName('birds.onnx', 'safetensors')).toBe('birds.onnx.safetensors');
    expect(suggestedName('garden/birds', 'pytorch')).toBe('garden-birds-pytorch');
    expect(exportName('birds', 'pytorch')).toBe('birds');
  });

  it('follows run and format, but for what was typed for this very run', () => {
    const run = (runId: string): RunState => ({ runId, name: runId }) as RunState;
    expect(nameFor(run('a'), 'onnx', null)).toBe('a.onnx');
    expect(nameFor(run('a'), 'safetensors', null)).toBe('a.safetensors');
    const typed = { runId: 'a', text: 'mine.onnx' };
    expect(nameFor(run('a'), 'onnx', typed)).toBe('mine.onnx');
    const switched = withFormat(typed, 'onnx', 'safetensors');
    expect(nameFor(run('a'), 'safetensors', switched)).toBe('mine.safetensors');
    expect(nameFor(run('b'), 'safetensors', switched)).toBe('b.safetensors');
    expect(withFormat(switched, 'safetensors', 'pytorch')?.text).toBe('mine-pytorch');
    expect(withFormat({ runId: 'a', text: 'mine' }, 'onnx', 'safetensors')?.text).toBe('mine');
  });

  it('refuses what cannot be a file name', () => {
    for (const name of ['', ' ', '..', 'a/b', 'x'.repeat(199)]) expect(exportName(name, 'onnx')).toBeNull();
  });
});
