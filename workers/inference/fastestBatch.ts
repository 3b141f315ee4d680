import type { PreparedProgram, Session } from '#core/backend/backend.ts';
import type { Program } from '#core/program/program.ts';
import { IDLE_SCALARS } from '#core/training/evaluate.ts';

/** Batch sizes that are tried, in this order. */
const SIZES = [4, 8, 16, 32, 64, 128];
/** Those that are tried instead where a step of the first takes too long. */
const SMALL_SIZES = [2, 1];
/** A step may take so long: a cancel is heard only between two steps. */
const LONGEST_STEP_MS = 75;
/** A larger batch must be faster by this factor: below it the difference may be chance. */
const FASTER = 0.98;
/** A size is measured so often; other work on the machine only slows a run down, so the fastest one counts. */
const RUNS = 3;
/** A size is tried where so many batches of it are evaluated later. */
const WORTHWHILE = 12;

interface FastestOptions {
  /** Awaited before each step that is measured: a cancel is heard there. */
  readonly between?: () => Promise<void> | undefined;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Prepares an evaluation program for the batch size with the most images per second, measured with zero images within
 * about half a second. A step of that size takes at most 75 ms, where one image does not take longer. `images`: the
 * number to evaluate; sizes whose measurement would cost a large part of that are not tried. The logits of an image do
 * not depend on the batch. The parameters in `session` must not be written afterwards. Throws what `between` throws;
 * nothing is left prepared then.
 */
export async function prepareFastest(
  session: Session,
  program: Program,
  images: number,
  options: FastestOptions = {},
): Promise<PreparedProgram> {
  const measured = (size: number): Promise<MeasuredBatch> => measure(session, program, size, options);
  const [smallest = 1, ...larger] = SIZES.filter((size) => WORTHWHILE * size <= images);
  const first = await measured(smallest);
  if (first.stepMs > LONGEST_STEP_MS) return shorter(first, measured);
  let best = first;
  for (const size of larger) {
    if (2 * best.stepMs > LONGEST_STEP_MS) break;
    const next = await measured(size).catch((error: unknown) => {
      best.prepared.release();
      throw error;
    });
    const isFaster = next.stepMs <= LONGEST_STEP_MS && next.stepMs / size < FASTER * perImage(best);
    (isFaster ? best : next).prepared.release();
    if (isFaster) best = next;
    if (next.stepMs > LONGEST_STEP_MS) break;
  }
  return best.prepared;
}

/** The largest of the small sizes whose step is not too long, else a single image. */
async function shorter(
  first: MeasuredBatch,
  measured: (size: number) => Promise<MeasuredBatch>,
): Promise<PreparedProgram> {
  let best = first;
  for (const size of SMALL_SIZES.filter((each) => each < first.prepared.batch)) {
    best.prepared.release();
    best = await measured(size);
    if (best.stepMs <= LONGEST_STEP_MS) break;
  }
  return best.prepared;
}

interface MeasuredBatch {
  readonly prepared: PreparedProgram;
  readonly stepMs: number;
}

function perImage({ prepared, stepMs }: MeasuredBatch): number {
  return stepMs / prepared.batch;
}

/** Prepares a size, and measures the fastest of several steps in milliseconds. */
async function measure(
  session: Session,
  program: Program,
  size: number,
  { between, now = () => performance.now() }: FastestOptions,
): Promise<MeasuredBatch> {
  const prepared = session.prepare(program, size, { constantParameters: true });
  const bytes = program.inputShape.reduce((product, side) => product * side, size);
  const feed = { images: new Uint8Array(bytes) };
  let stepMs = Infinity;
  try {
    for (let run = 0; run < RUNS; run += 1) {
      await between?.();
      const start = now();
      prepared.run(feed, IDLE_SCALARS);
      stepMs = Math.min(stepMs, now() - start);
    }
  } catch (error) {
    prepared.release();
    throw error;
  }
  return { prepared, stepMs };
}
