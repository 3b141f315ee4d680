import { driftOf } from '#core/batchnorm/drift.ts';
import { initialShare } from '#core/batchnorm/conventions.ts';
import { batchNormLayers, type BatchNormLayer } from '#core/batchnorm/layers.ts';
import type { Session } from '#core/backend/backend.ts';
import type { MetricEvent, StatisticsEvent } from '#core/contract/metricEvent.ts';
import type { Program } from '#core/program/program.ts';
import type { EpochReport, StepReport } from '#core/training/loop.ts';
import { smoothedMean } from '#core/training/metrics.ts';
import type { EventStream } from './eventStream.ts';
import type { MetricsWriter } from '../runs/metrics/metricsWriter.ts';
import type { RunClock } from './runClock.ts';

/** Turns the loop's reports into metric events, for the file and for listeners. */
interface RunRecorder {
  onStep(report: StepReport): void;
  onEpoch(report: EpochReport): void;
}

/** Shortest time between two reads of the BatchNorm statistics. */
const STATISTICS_MS = 250;
/** Decay of the moving average of the displayed speed. */
const SPEED_DECAY = 0.9;

export function openRecorder(
  session: Session,
  clock: RunClock,
  writer: MetricsWriter,
  stream: EventStream,
): RunRecorder {
  const layersOf = oncePerProgram(batchNormLayers);
  const speed = smoothedMean(SPEED_DECAY);
  let lookedAt = -Infinity;
  return {
    onStep: (report) => {
      const stepMs = clock.endStep(report.samples);
      speed.add(stepMs / report.samples);
      const { step, epoch, learningRate: lr, gradientNorm } = report;
      const context = { epoch, loss: finite(report.loss), accuracy: finite(report.accuracy), lr };
      const record = (event: MetricEvent): void => {
        writer.write(event, context);
        stream.metric(event);
      };
      const imagesPerSecond = 1000 / Math.max(speed.value(), 1e-6);
      const norm = Number.isFinite(gradientNorm) ? { gradientNorm } : {};
      record({ kind: 'step', step, ...context, imagesPerSecond, ...norm, elapsedMs: clock.elapsedMs() });
      const layers = layersOf(report.program);
      if (layers.length === 0 || performance.now() - lookedAt < STATISTICS_MS) return;
      lookedAt = performance.now();
      record(statisticsEvent(session, layers, report));
    },
    onEpoch: ({ epoch, step, loss, accuracy, validation, rawValidation: raw, learningRate: lr }) => {
      const context = { epoch, loss: finite(loss), accuracy, lr };
      const event: MetricEvent = {
        kind: 'epoch',
        step,
        ...context,
        valLoss: validation === null ? null : finite(validation.loss),
        valAccuracy: validation === null ? null : validation.accuracy,
        ...(raw === null ? {} : { rawValLoss: finite(raw.loss), rawValAccuracy: raw.accuracy }),
        elapsedMs: clock.elapsedMs(),
      };
      writer.write(event, context);
      stream.metric(event);
    },
  };
}

/** The phases of a run have different programs, and compute statistics in different blocks. */
function oncePerProgram<T>(make: (program: Program) => T): (program: Program) => T {
  const made = new Map<Program, T>();
  return (program) => {
    const found = made.get(program) ?? make(program);
    made.set(program, found);
    return found;
  };
}

function statisticsEvent(
  session: Session,
  layers: readonly BatchNormLayer[],
  { step, prepared }: StepReport,
): StatisticsEvent {
  return {
    kind: 'statistics',
    step,
    layers: layers.map((layer) => ({
      node: layer.node,
      drift: finite(driftOf(layer, session.layout, session.state, prepared.batchStatistics)),
      warmup: layer.update === null ? 1 : initialShare(layer.update, step),
    })),
  };
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
