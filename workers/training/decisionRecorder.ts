import { decidedClass } from '#core/export/readout.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { EpochReport } from '#core/training/loop.ts';
import type { DecisionsHead } from '../runs/metrics/decisionsFormat.ts';
import { areDecisionsRecorded, openDecisionsWriter } from '../runs/metrics/decisionsWriter.ts';
import type { RunFolder } from '../runs/folder/runFolder.ts';

/** Records the class given to each validation image after each epoch. */
export interface DecisionRecorder {
  onValidated(logits: FloatArray, done: number): void;
  onEpoch(report: Pick<EpochReport, 'epoch' | 'validation'>): void;
  /** Before a checkpoint, which must not be newer. Throws as `DecisionsWriter.flush`. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const NOTHING: DecisionRecorder = {
  onValidated: () => undefined,
  onEpoch: () => undefined,
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/**
 * Continues the file of a run that has finished `epoch` epochs of `epochs`. Records nothing without validation, and
 * where the file would be too large. Throws `AppError` where the file cannot be written.
 */
export async function openDecisionRecorder(
  run: RunFolder,
  validated: DecisionsHead | null,
  { epoch, epochs }: { readonly epoch: number; readonly epochs: number },
): Promise<DecisionRecorder> {
  if (validated === null || !areDecisionsRecorded(validated, epochs)) return NOTHING;
  const writer = await openDecisionsWriter(run.files.decisions, validated, epoch);
  const { length: size } = validated.labels;
  let decided = new Uint32Array(size);
  let known = 0;
  return {
    onValidated: (logits, done) => {
      const width = logits.length / (done - known);
      for (let at = 0; known < done; known += 1, at += width)
        decided[known] = decidedClass(logits.subarray(at, at + width));
    },
    onEpoch: ({ epoch: number, validation }) => {
      if (validation !== null && known === size) writer.add(number, decided);
      decided = new Uint32Array(size);
      known = 0;
    },
    flush: () => writer.flush(),
    close: () => writer.close(),
  };
}
