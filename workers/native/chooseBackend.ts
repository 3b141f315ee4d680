import type { Backend, ComputePrecision } from '#core/backend/backend.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { EngineProblem } from '#core/contract/engineProblem.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { message, type Message } from '#core/words/message.ts';
import { engineMessage } from './engineProblem.ts';
import { loadNativeBackend } from './loadNativeBackend.ts';

type Precision = TrainingSettings['precision'];

/** The backend to use: native, or the slow reference backend with the reason. */
export interface BackendChoice {
  readonly backend: Backend;
  /** Why it is the reference backend; null when it is the native one. */
  readonly problem: EngineProblem | null;
  /** The same as a note, with the command that fixes it. */
  readonly note: Message | null;
}

export function chooseBackend(): BackendChoice {
  const native = loadNativeBackend();
  if ('backend' in native) return { backend: native.backend, problem: null, note: null };
  return {
    backend: referenceBackend,
    problem: native.problem,
    note: message('engine.slowBackend', { why: engineMessage(native.problem) }),
  };
}

/**
 * The precision to compute in. `auto` is the fastest of the backend: bf16 where the CPU has AMX, else f32. The
 * reference backend supports only f64 and uses it for `auto` and `f32`. Throws `AppError('arguments')` if `bf16` is
 * requested but not supported.
 */
export function resolvePrecision(backend: Backend, wanted: Precision): ComputePrecision {
  const has = (precision: ComputePrecision): boolean => backend.precisions.includes(precision);
  if (wanted === 'bf16' && !has('bf16'))
    throw new AppError('arguments', message('engine.noBf16', { backend: backend.description }), {
      where: 'precision',
    });
  if (wanted === 'auto') return backend.auto;
  if (wanted === 'bf16') return 'bf16';
  return has('f32') ? 'f32' : 'f64';
}
