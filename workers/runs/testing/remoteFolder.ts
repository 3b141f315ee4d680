import { appendFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochEvent, MetricEvent, StatisticsEvent, StepEvent } from '#core/contract/metricEvent.ts';
import {
  REMOTE_FILES,
  type RemoteFacts,
  type RemoteResult,
  type RemoteStatus,
} from '#core/contract/remoteRun.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { frozenWeights } from '#core/export/frozenWeights.ts';
import { encodeSafetensors } from '#core/export/safetensors.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { randomModel } from '#core/export/testing/randomModel.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';

/** Updates of an epoch of the training that a `RemoteFolder` pretends. */
export const STEPS_PER_EPOCH = 6;
const STEP_MS = 20;

/**
 * For tests: a folder as the project for a cluster writes it. Weights are those of `randomModel`, so tests know every
 * value.
 */
export class RemoteFolder {
  readonly folder: string;
  readonly document: GraphDocument;
  readonly facts: RemoteFacts;

  constructor(folder: string, facts: Partial<RemoteFacts> = {}, document?: GraphDocument) {
    this.folder = folder;
    this.document =
      document ?? tinyDocument({ epochs: 4, batchSize: 4, remainder: 'keep', threads: 1, precision: 'f32' });
    this.facts = {
      ...{ format: 'normlab-remote', version: 1, id: 'b7a2d9c4-0000-4000-8000-000000000001' },
      ...{ name: 'Faraway', createdAt: '2026-11-30T08:00:00Z', normlabVersion: '0.1.0' },
      ...{ document: serializeDocument(this.document), epochs: 4, steps: 4 * STEPS_PER_EPOCH },
      ...{ imagesTraining: 24, imagesValidation: 6, globalBatch: 4, worldSize: 2, nodes: 1 },
      ...{ precision: 'bf16', device: 'cuda', backend: 'nccl' },
      ...facts,
    };
    mkdirSync(folder, { recursive: true });
    this.writeJson(REMOTE_FILES.facts, this.facts);
  }

  path(name: keyof typeof REMOTE_FILES): string {
    return join(this.folder, REMOTE_FILES[name]);
  }

  /** Replaces a file as the project does. */
  writeJson(name: string, value: object): void {
    this.write(name, JSON.stringify(value));
  }

  write(name: string, data: string | Uint8Array): void {
    const temporary = join(this.folder, `.${name}.tmp`);
    writeFileSync(temporary, data);
    renameSync(temporary, join(this.folder, name));
  }

  status(status: Partial<RemoteStatus> = {}): void {
    const updatedAt = new Date().toISOString();
    const plain = { state: 'training', updatedAt, step: 0, epoch: 0, error: null };
    this.writeJson(REMOTE_FILES.status, { ...plain, ...status });
  }

  append(events: readonly MetricEvent[]): void {
    appendFileSync(this.path('metrics'), linesOf(events));
  }

  /** Appends the events of steps `from` to `to`, with the ends of epochs. */
  train(from: number, to: number): void {
    this.append(eventsOf(from, to));
    this.status({ step: to, epoch: Math.floor(to / STEPS_PER_EPOCH) });
  }

  /** Writes weights, those of `seed`, as after so many epochs. */
  weights(
    which: 'last' | 'best',
    epochs: number,
    seed = 1,
    change: Partial<TrainedModel> = {},
  ): TrainedModel {
    const model = remoteModel(this.document, epochs, seed);
    const { tensors, metadata } = frozenWeights({ ...model, ...change }, { foldBatchNorm: false });
    this.write(REMOTE_FILES[which], encodeSafetensors(tensors, metadata));
    return model;
  }

  /** Writes what is there at the end, after the metrics. */
  finish(result: Partial<RemoteResult> = {}): void {
    const steps = this.facts.steps;
    this.weights('last', this.facts.epochs);
    this.weights('best', 3, 2);
    this.split();
    this.writeJson(REMOTE_FILES.result, {
      ...{ format: 'normlab-remote-result', version: 1, epochs: this.facts.epochs, steps, seconds: 12 },
      ...{ train: { loss: 0.25, accuracy: 0.9 }, val: { loss: 0.5, accuracy: 0.75 }, batchesSeen: steps },
      ...{ best: { epoch: 3, accuracy: 0.875, loss: 0.45 } },
      ...result,
    });
    this.status({ state: 'finished', step: steps, epoch: this.facts.epochs });
  }

  split(): void {
    if (existsSync(this.path('split'))) return;
    const digest = (letter: string): string => letter.repeat(40);
    const parts = { train: digest('a') + digest('b'), validation: digest('c') };
    this.writeJson(REMOTE_FILES.split, { format: 'normlab-split', version: 1, ...parts });
  }
}

/** The network as after so many epochs. */
export function remoteModel(document: GraphDocument, epochs: number, seed = 1): TrainedModel {
  const model = randomModel(document, seed);
  const seen = { epochs, batchesSeen: epochs * STEPS_PER_EPOCH };
  const classNames = model.classNames.map((_, at) => String.fromCodePoint(97 + at));
  return { ...model, classNames, provenance: { ...model.provenance, ...seen } };
}

/** The events of steps `from` to `to`, both included. */
export function eventsOf(from: number, to: number): MetricEvent[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at).flatMap((step): MetricEvent[] => {
    const isEnd = step % STEPS_PER_EPOCH === 0;
    return [stepAt(step), statisticsAt(step), ...(isEnd ? [epochAt(step / STEPS_PER_EPOCH)] : [])];
  });
}

export function linesOf(events: readonly MetricEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

export function stepAt(step: number): StepEvent {
  const loss = 2 / (1 + step / 8);
  return {
    ...{ kind: 'step', step, epoch: step / STEPS_PER_EPOCH, loss, accuracy: 1 - loss / 2, lr: 0.1 },
    ...{ imagesPerSecond: 800 + step, elapsedMs: step * STEP_MS },
  };
}

function epochAt(epoch: number): EpochEvent {
  const step = epoch * STEPS_PER_EPOCH;
  const val = { valLoss: 1 / epoch, valAccuracy: epoch === 3 ? 0.875 : 0.5 + epoch / 20 };
  return {
    kind: 'epoch',
    step,
    epoch,
    loss: 1 / epoch,
    accuracy: 0.6,
    ...val,
    lr: 0.1,
    elapsedMs: step * STEP_MS,
  };
}

function statisticsAt(step: number): StatisticsEvent {
  return { kind: 'statistics', step, layers: [{ node: 'bn1', drift: 0.1, warmup: 0.8 ** step }] };
}
