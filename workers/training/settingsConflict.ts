import { AppError } from '#core/diagnostics/appError.ts';
import { effectiveAugmentation } from '#core/augment/augmentation.ts';
import { resizeOf } from '#core/document/dataSettings.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { completeParams } from '#core/nodes/defaults.ts';
import { findDefinition } from '#core/nodes/registry.ts';
import { message, type Message } from '#core/words/message.ts';

/**
 * Refuses to continue a run with settings other than its own: the result would be neither the old run nor a new one.
 * Threads and precision are not compared, since the run keeps its own; ids, names, canvas positions and remembered
 * folders do not affect a run. Throws `AppError('arguments')` naming the first difference.
 */
export function refuseOtherSettings(folder: string, begun: GraphDocument, given: GraphDocument): void {
  const difference = firstDifference(meaningOf(begun), meaningOf(given), '');
  if (difference === null) return;
  throw new AppError('arguments', message('runs.otherSettings', { folder, ...difference }), {
    where: folder,
  });
}

function meaningOf(document: GraphDocument): unknown {
  const { threads: _threads, precision: _precision, ...training } = document.training;
  const { validationFraction, crossValidation, groups, table, subfolders, edits } = document.data;
  const augmentation = effectiveAugmentation(document.data.augmentation);
  return {
    graph: { ...document.graph, nodes: completed(document.graph.nodes) },
    training,
    data: {
      ...{ validationFraction, crossValidation, groups, table, subfolders, edits, augmentation },
      ...resizeOf(document.data),
      normalization: document.data.normalization,
      channelOrder: document.data.channelOrder ?? 'rgb',
    },
  };
}

/** With the defaults of absent parameters: a file of an earlier version lacks those that were added since. */
function completed(nodes: GraphDocument['graph']['nodes']): unknown {
  return Object.fromEntries(
    Object.entries(nodes).map(([id, record]) => {
      const definition = findDefinition(record.kind);
      const params = definition ? completeParams(definition, record.params) : record.params;
      return [id, { ...record, params }];
    }),
  );
}

interface Difference {
  /** `training.epochs` */
  readonly place: string;
  readonly begun: string | Message;
  readonly given: string | Message;
}

/** The first place where two JSON values differ; null when they are equal. */
function firstDifference(a: unknown, b: unknown, path: string): Difference | null {
  if (Object.is(a, b)) return null;
  if (!isRecord(a) || !isRecord(b)) return { place: path, begun: short(a), given: short(b) };
  for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
    const found = firstDifference(a[key], b[key], path === '' ? key : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function short(value: unknown): string | Message {
  if (value === undefined) return message('runs.absent');
  return isRecord(value) ? message('runs.present') : JSON.stringify(value);
}
