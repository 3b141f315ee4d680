import { unsupportedFile, brokenFile } from '../fileFault.ts';
import { message } from '../../words/message.ts';
import { isObject } from './settings.ts';

/** An input of a layer in the file: the output of the layer with this name, or a number. */
type Inbound = { readonly from: string } | { readonly value: number };

export interface InboundCall {
  readonly inputs: readonly Inbound[];
  /** True for a call with `training=False`. */
  readonly isInference: boolean;
}

/** Inputs of one call. */
const MOST_INPUTS = 1000;

/**
 * The call of a layer, from `inbound_nodes` of its entry: `[{args, kwargs}]` in Keras 3, `[[[name, node, tensor,
 * kwargs], …]]` before. Null for a layer without inputs. Throws a fault for a layer that is called several times.
 */
export function readInbound(layer: string, nodes: unknown): InboundCall | null {
  if (!Array.isArray(nodes)) throw damaged(layer);
  if (nodes.length > 1) throw unsupportedFile(message('kerasFiles.shared', { layer }));
  const node: unknown = nodes[0];
  if (node === undefined) return null;
  const call = isObject(node) ? newCall(layer, node) : oldCall(layer, node);
  if (call.inputs.length > MOST_INPUTS) throw damaged(layer);
  return call;
}

function newCall(layer: string, node: Readonly<Record<string, unknown>>): InboundCall {
  const { args, kwargs } = node;
  if (!Array.isArray(args)) throw damaged(layer);
  const named = isObject(kwargs) ? kwargs : {};
  const all: unknown[] = [...(args as unknown[]), ...valuesOf(named)];
  const inputs = all.flatMap((value) => inboundOf(layer, value));
  return { inputs, isInference: named['training'] === false };
}

/**
 * Arguments of an operation that are given by name: `x`, `y`, `x1`, `x2`, the value of a padding, and the inputs of a
 * model.
 */
function valuesOf(kwargs: Readonly<Record<string, unknown>>): readonly unknown[] {
  return ['x', 'x1', 'inputs', 'y', 'x2', 'constant_values'].flatMap((name) => {
    const value = Object.hasOwn(kwargs, name) ? kwargs[name] : undefined;
    return value === undefined || value === null ? [] : [value];
  });
}

/** A tensor, a number, or a list of them; anything else is no input. */
function inboundOf(layer: string, value: unknown): readonly Inbound[] {
  if (typeof value === 'number' && Number.isFinite(value)) return [{ value }];
  if (Array.isArray(value)) return value.flatMap((each: unknown) => inboundOfOne(layer, each));
  return inboundOfOne(layer, value);
}

function inboundOfOne(layer: string, value: unknown): readonly Inbound[] {
  if (!isObject(value)) return [];
  const { class_name: kind, config } = value;
  if (kind !== '__keras_tensor__' || !isObject(config)) throw strangeInput(layer);
  return [fromHistory(layer, config['keras_history'])];
}

function fromHistory(layer: string, history: unknown): Inbound {
  if (!Array.isArray(history)) throw damaged(layer);
  const [name, , tensor] = history as unknown[];
  if (typeof name !== 'string') throw damaged(layer);
  if (tensor !== 0) throw unsupportedFile(message('kerasFiles.secondOutput', { layer, from: name }));
  return { from: name };
}

function oldCall(layer: string, node: unknown): InboundCall {
  if (!Array.isArray(node)) throw damaged(layer);
  // A single input may stand without the list around it.
  const entries: unknown[] = typeof node[0] === 'string' ? [node] : node;
  const calls = entries.map((entry) => oldInput(layer, entry));
  return {
    inputs: calls.flatMap(({ inputs }) => inputs),
    isInference: calls.some(({ isInference }) => isInference),
  };
}

function oldInput(layer: string, entry: unknown): InboundCall {
  if (!Array.isArray(entry)) throw damaged(layer);
  const [name, , tensor, kwargs] = entry as unknown[];
  const named = isObject(kwargs) ? kwargs : {};
  const others = valuesOf(named).flatMap((value): Inbound[] => {
    if (typeof value === 'number') return [{ value }];
    return Array.isArray(value) ? [fromHistory(layer, value)] : [];
  });
  const first =
    name === '_CONSTANT_VALUE' && typeof tensor === 'number'
      ? { value: tensor }
      : fromHistory(layer, entry.slice(0, 3));
  return { inputs: [first, ...others], isInference: named['training'] === false };
}

function damaged(layer: string): Error {
  return brokenFile(message('kerasFiles.inputs', { layer }));
}

function strangeInput(layer: string): Error {
  return unsupportedFile(message('kerasFiles.strangeInput', { layer }));
}
