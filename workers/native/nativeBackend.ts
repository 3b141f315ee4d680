import type { Backend, PrepareOptions, Session, SessionOptions } from '#core/backend/backend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import type { Program } from '#core/program/program.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { message } from '#core/words/message.ts';
import type { NativeAddon } from './nativeAddon.ts';
import { NativeProgram } from './nativeProgram.ts';

const NOTHING = new Float32Array(0);

/** The oneDNN backend on a loaded addon. */
export function createNativeBackend(addon: NativeAddon): Backend {
  const { version, isa, bf16 } = addon.describeLibrary();
  return {
    kind: 'native',
    description: `oneDNN ${version}, ${isa}`,
    precisions: bf16 ? ['f32', 'bf16'] : ['f32'],
    auto: bf16 && hasTiles(isa) ? 'bf16' : 'f32',
    open: (layout, options) => openNativeSession(addon, layout, options, new Float32Array(layout.totalSize)),
  };
}

/**
 * Whether the processor multiplies bf16 in tiles (AMX). With AVX512_BF16 alone a step takes as long as in f32 or up to
 * 2.3 times as long: Winograd's convolutions are in f32 (docs/performance.md).
 */
function hasTiles(isa: string): boolean {
  return isa.includes('amx');
}

/**
 * A session on `state`, which may be over an `ArrayBuffer` or a `SharedArrayBuffer` and is updated in place. Throws
 * `InvariantError` if its size is not the layout's, `AppError('arguments')` for a precision that this CPU does not
 * support.
 */
export function openNativeSession(
  addon: NativeAddon,
  layout: StateLayout,
  options: SessionOptions,
  state: Float32Array,
): Session {
  if (state.length !== layout.totalSize)
    throw new InvariantError(`a state of ${String(state.length)} for ${String(layout.totalSize)} values`);
  if (options.precision === 'f64') throw new AppError('arguments', message('engine.noF64'));
  if (options.precision === 'bf16' && !addon.describeLibrary().bf16)
    throw new AppError('arguments', message('engine.noNativeBf16'));
  const handle = new addon.NativeSession(state, options.threads, options.precision === 'bf16');
  const programs = new Set<NativeProgram>();
  let accumulated: Float32Array | null = null;
  let open = true;
  return {
    state,
    layout,
    options,
    prepare(
      program: Program,
      batch: number,
      { constantParameters = false }: PrepareOptions = {},
    ): NativeProgram {
      if (!open) throw new InvariantError('session is closed');
      const accumulates = program.mode === 'train' && program.optimizer?.accumulates === true;
      if (accumulates) accumulated ??= new Float32Array(layout.parameterSize);
      const prepared = new NativeProgram(handle, program, batch, {
        accumulated: (accumulates ? accumulated : null) ?? NOTHING,
        constantParameters,
      });
      programs.add(prepared);
      prepared.onRelease = () => programs.delete(prepared);
      return prepared;
    },
    close() {
      open = false;
      for (const program of programs) program.release();
      programs.clear();
    },
  };
}
