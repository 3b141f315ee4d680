import { describe, expect, it } from 'vitest';
import type { Backend, ComputePrecision } from '#core/backend/backend.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { chooseBackend, resolvePrecision } from './chooseBackend.ts';

function backendWith(auto: ComputePrecision, ...others: ComputePrecision[]): Backend {
  const precisions = [auto, ...others];
  return { ...referenceBackend, kind: 'native', description: 'oneDNN 2.6.3, avx2', precisions, auto };
}

describe('resolvePrecision', () => {
  it.each([
    ['auto', backendWith('f32', 'bf16'), 'f32'],
    ['auto', backendWith('bf16', 'f32'), 'bf16'],
    ['auto', backendWith('f32'), 'f32'],
    ['f32', backendWith('f32', 'bf16'), 'f32'],
    ['bf16', backendWith('f32', 'bf16'), 'bf16'],
    ['auto', referenceBackend, 'f64'],
    ['f32', referenceBackend, 'f64'],
  ] as const)('%s', (wanted, backend, expected) => {
    expect(resolvePrecision(backend, wanted)).toBe(expected);
  });

  it('refuses bf16 where the CPU has none, as a wrong argument', () => {
    expect(() => resolvePrecision(backendWith('f32'), 'bf16')).toThrow(
      expect.objectContaining({ code: 'arguments', message: expect.stringContaining('AVX512_BF16') }),
    );
  });
});

describe('chooseBackend', () => {
  it('gives the native backend without a note, or the reference with one', () => {
    const { backend, note } = chooseBackend();
    if (backend.kind === 'native') expect(note).toBeNull();
    else expect(note).toContain('slow reference backend');
  });
});
