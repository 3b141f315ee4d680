import type { Backend, PreparedProgram, Session } from '#core/backend/backend.ts';
import type { Precision } from '#core/document/trainingSettings.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { Program } from '#core/program/program.ts';
import { computeForInference } from '../compute/compute.ts';
import { programOf } from '../compute/network.ts';
import { openTrained } from './openTrained.ts';

/** The backend of a trained network; the default is this machine's backend in f32, the precision of exported files. */
export interface InferenceOptions {
  readonly precision?: Precision;
  readonly threads?: number;
  readonly backend?: Backend;
}

/** A trained network in a session of its own. */
export interface Inference {
  readonly session: Session;
  readonly program: Program;
  readonly prepared: PreparedProgram;
  close(): void;
}

/** Opens a trained network with frozen statistics for batches of `batch`. Throws `AppError` when the backend cannot. */
export function openInference(model: TrainedModel, batch: number, options: InferenceOptions = {}): Inference {
  const compute = computeForInference(options);
  const { threads, precision } = compute;
  const session = openTrained(compute.backend, model, { threads, precision });
  const program = programOf(model.graph, model.document.training, model.preprocessing, 'evaluate');
  try {
    const prepared = session.prepare(program, batch, { constantParameters: true });
    return { session, program, prepared, close: () => session.close() };
  } catch (error) {
    session.close();
    throw error;
  }
}
