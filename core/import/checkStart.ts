import type { NodeId } from '../diagnostics/ids.ts';
import { AppError } from '../diagnostics/appError.ts';
import type { Graph } from '../document/schema.ts';
import { listSome } from '../graph/listSome.ts';
import { findLogitsParam } from '../graph/logits.ts';
import { message, type Message } from '../words/message.ts';
import type { SlotValue } from './foreignModel.ts';
import { slotsWithout } from './matchReport.ts';
import type { Match } from './matchTensors.ts';
import type { Slot } from './slots.ts';

/** The values that a run starts from. */
export interface StartValues {
  readonly values: ReadonlyMap<string, SlotValue>;
  /** Slots that are initialized instead. */
  readonly initialized: readonly string[];
  readonly notes: readonly Message[];
}

interface StartRequest {
  readonly graph: Graph;
  readonly slots: readonly Slot[];
  /** Display name of the file or run. */
  readonly source: string;
  /** True: slots outside the head without a value are initialized. */
  readonly partial: boolean;
  /** Classes that the weights tell apart; null where they are not known. */
  readonly weightsClasses: readonly string[] | null;
  /** Classes of the training images. */
  readonly classes: readonly string[];
}

/**
 * Decides what a run takes from trained weights. The head (the block that computes the logits) is initialized unless
 * the classes of the weights are known and are those of the images, in the same order. Throws
 * `AppError('weights-mismatch')` when no tensor fits, and, unless `partial`, when another block has no fitting value.
 */
export function checkStart({ values, report }: Match, request: StartRequest): StartValues {
  const { slots, source, partial } = request;
  if (values.size === 0)
    throw new AppError('weights-mismatch', message('importing.nothingFits', { file: source }), {
      where: source,
    });
  const head = findLogitsParam(request.graph)?.nodeId ?? null;
  const without = new Set(slotsWithout(report));
  const headSlots = slots.filter(({ node }) => node === head).map(({ name }) => name);
  const keepsHead = isSameClasses(request) && headSlots.every((name) => !without.has(name));
  const lost = slots.filter(({ name, node }) => without.has(name) && node !== head).map(({ name }) => name);
  if (lost.length > 0 && !partial) throw doNotFit(source, slots.length, lost);
  const dropped = new Set(keepsHead ? [] : headSlots);
  const kept = new Map([...values].filter(([name]) => !dropped.has(name)));
  return {
    values: kept,
    initialized: [...dropped, ...lost],
    notes: [
      message('importing.startsFrom', { source, matched: kept.size, slots: slots.length }),
      ...headNotes(head, keepsHead),
      ...(lost.length === 0
        ? []
        : [message('importing.blocksInitialized', { source, names: listSome(lost) })]),
    ],
  };
}

function headNotes(head: NodeId | null, isKept: boolean): readonly Message[] {
  if (head === null) return [];
  return [isKept ? message('importing.headKept') : message('importing.headInitialized', { names: head })];
}

function isSameClasses({ weightsClasses, classes }: StartRequest): boolean {
  return (
    weightsClasses?.length === classes.length &&
    weightsClasses.every((name, index) => name === classes[index])
  );
}

function doNotFit(source: string, slots: number, lost: readonly string[]): AppError {
  const values = { file: source, count: lost.length, slots, names: listSome(lost) };
  return new AppError('weights-mismatch', message('importing.doNotFit', values), { where: source });
}
