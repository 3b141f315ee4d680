import type { Backend, ComputePrecision } from '#core/backend/backend.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { message, type Message } from '#core/words/message.ts';

import { decoderNote } from '../data/decode/imageAddon.ts';
import { chooseBackend, resolvePrecision } from '../native/chooseBackend.ts';
import { resolveThreads } from './computeThreads.ts';

/** The backend that computes a run, and its settings. */
export interface Compute {
  readonly backend: Backend;
  readonly precision: ComputePrecision;
  readonly threads: number;
  /** Notes for the user. */
  readonly notes: readonly Message[];
}

/**
 * Chooses what computes a new run, from its settings and the capabilities of this machine; `backend` overrides the
 * choice.
 */
export function chooseCompute(
  settings: Pick<TrainingSettings, 'precision' | 'threads'>,
  backend?: Backend,
): Compute {
  const chosen = backend === undefined ? chooseBackend() : { backend, note: null };
  return {
    backend: chosen.backend,
    precision: resolvePrecision(chosen.backend, settings.precision),
    threads: resolveThreads(settings.threads),
    notes: [chosen.note, decoderNote()].filter((note) => note !== null),
  };
}

/**
 * Returns what computes a run that has already started: the same as at its start, whatever the settings say now,
 * because other threads, precision or kernels would give other bits. Throws `AppError('native-missing')` when the run
 * needs the native backend and it cannot be loaded here.
 */
export function computeAsBegun(manifest: RunManifest, backend?: Backend): Compute {
  const { compute } = manifest;
  const found = backend ?? backendOfKind(compute.backend);
  const notes =
    found.description === compute.backendDescription
      ? []
      : [message('runs.otherEngine', { before: compute.backendDescription, now: found.description })];
  return { backend: found, precision: compute.precision, threads: compute.threads, notes };
}

/**
 * Returns what measures a trained network: full precision (f32, or f64 on the reference backend) unless another is
 * requested, because exported files compute in full precision.
 */
export function computeForInference(
  options: { precision?: TrainingSettings['precision']; threads?: number; backend?: Backend } = {},
): Compute {
  return chooseCompute(
    { precision: options.precision ?? 'f32', threads: options.threads ?? 0 },
    options.backend,
  );
}

function backendOfKind(kind: Backend['kind']): Backend {
  if (kind === 'reference') return referenceBackend;
  const { backend, note } = chooseBackend();
  if (backend.kind === 'native') return backend;
  throw new AppError('native-missing', message('runs.nativeGone'), { cause: note ?? undefined });
}
