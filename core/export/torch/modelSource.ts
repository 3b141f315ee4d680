import { must } from '../../diagnostics/invariantError.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { ShapedGraph, ShapedNode } from '../../graph/shapedGraph.ts';
import { indented, lineOf, plainLines, type SourceLine } from '../sourceLine.ts';
import { writeBlock } from './blockWriters.ts';
import { HELPER_CLASSES, type HelperClass } from './helperClasses.ts';
import { idsOf, moduleNames } from './moduleNames.ts';
import { orderBlocks, sourcesOf } from './orderBlocks.ts';
import { pythonText } from './python.ts';
import type { WrittenBlock } from './writtenBlock.ts';

interface NamedBlock extends WrittenBlock {
  readonly block: ShapedNode;
  /** Name of the module and of its value in `forward`. */
  readonly name: string;
}

/** What the comments of `model.py` say about the files beside it. */
interface ModelSourceAbout {
  /** Where the weights are. */
  readonly weights: string;
  /** The file that normalizes images. */
  readonly normalizer: string;
}

const OF_EXPORT: ModelSourceAbout = {
  weights: 'the weights are in model.safetensors and state_dict.pt',
  normalizer: 'predict.py',
};

/**
 * The lines of `model.py`: one class `Network` of plain PyTorch, whose modules have the names of `moduleNames` and
 * whose `forward` maps normalized images `[N, C, H, W]` to logits `[N, classes]`. Depends on the network alone.
 */
export function modelSource(
  projectName: string,
  graph: ShapedGraph,
  about: ModelSourceAbout = OF_EXPORT,
): readonly SourceLine[] {
  const names = moduleNames(idsOf(graph));
  const blocks = orderBlocks(graph).map((block): NamedBlock => {
    const name = must(names.get(block.id), `the name of ${block.id}`);
    return { block, name, ...writeBlock(block) };
  });
  const helpers = [...new Set(blocks.flatMap(({ helper }) => helper ?? []))].sort();
  return [
    ...plainLines(
      ...headLines(projectName, about, usesFunctions(blocks, helpers)),
      ...helpers.flatMap((name) => ['', '', ...HELPER_CLASSES[name].split('\n')]),
      '',
      '',
      'class Network(nn.Module):',
      `    """Maps images [N, ${graph.inputShape.join(', ')}], normalized as in ${about.normalizer}, to logits [N, ${String(graph.logitCount)}]."""`,
      '',
    ),
    ...initLines(blocks),
    ...plainLines(''),
    ...forwardLines(blocks, graph),
    ...freezeLines(blocks),
  ];
}

function headLines(
  projectName: string,
  { weights }: ModelSourceAbout,
  usesF: { torch: boolean; F: boolean },
): string[] {
  return [
    `"""A network of NormLab as a PyTorch module; ${weights}."""`,
    '',
    ...(usesF.torch ? ['import torch'] : []),
    'from torch import nn',
    ...(usesF.F ? ['from torch.nn import functional as F'] : []),
    '',
    `PROJECT = ${pythonText(projectName)}`,
  ];
}

/** Which imports the text needs beside `nn`. */
function usesFunctions(
  blocks: readonly NamedBlock[],
  helpers: readonly HelperClass[],
): { torch: boolean; F: boolean } {
  const text = [
    ...helpers.map((name) => HELPER_CLASSES[name]),
    ...blocks.map(({ call }) => call?.(['x'], '') ?? ''),
  ].join('\n');
  return { torch: /\btorch\./.test(text), F: /\bF\./.test(text) };
}

function initLines(blocks: readonly NamedBlock[]): readonly SourceLine[] {
  const lines = blocks.flatMap(({ block, name, module, comment, without = [] }) =>
    module === undefined
      ? []
      : [
          `self.${name} = ${module}${comment === undefined ? '' : `  # ${comment}`}`,
          ...without.map((attribute) => `self.${name}.${attribute} = None`),
        ].map((line) => lineOf(line, block.id)),
  );
  return [lineOf('    def __init__(self):'), ...indented([lineOf('super().__init__()'), ...lines], 8)];
}

/**
 * One statement for each block. A value that only the next statement uses is called `x`; any other has the name of its
 * block.
 */
function forwardLines(
  blocks: readonly NamedBlock[],
  { input, logitCount }: ShapedGraph,
): readonly SourceLine[] {
  const uses = new Map<NodeId, number>();
  for (const { block } of blocks)
    for (const node of sourcesOf(block)) uses.set(node, (uses.get(node) ?? 0) + 1);
  const values = new Map<NodeId, string>();
  const lines: SourceLine[] = [];
  blocks.forEach(({ block, name, call }, at) => {
    const inputs = sourcesOf(block).map((node) => must(values.get(node), `the value of ${node}`));
    const expression = call?.(inputs, `self.${name}`) ?? `self.${name}(${inputs.join(', ')})`;
    if (block.sources.length === 0) values.set(block.id, expression);
    else if (at === blocks.length - 1) lines.push(...returnLines(lines.pop(), expression, block.id));
    else {
      const next = blocks[at + 1]?.block;
      const isPassing = uses.get(block.id) === 1 && next !== undefined && sourcesOf(next).includes(block.id);
      values.set(block.id, isPassing ? 'x' : name);
      lines.push(lineOf(`${isPassing ? 'x' : name} = ${expression}`, block.id));
    }
  });
  const title = `"""Returns the logits [N, ${String(logitCount)}] of images [N, C, H, W]."""`;
  return [lineOf('    def forward(self, images):', input.id), ...indented([lineOf(title), ...lines], 8)];
}

/** The last statement, and the return: one line where the statement only makes the value that is returned. */
function returnLines(last: SourceLine | undefined, value: string, output: NodeId): readonly SourceLine[] {
  if (last?.text.startsWith(`${value} = `) === true)
    return [lineOf(`return ${last.text.slice(value.length + 3)}`, ...last.blocks, output)];
  return [...(last === undefined ? [] : [last]), lineOf(`return ${value}`, output)];
}

/** A method only where NormLab trained with switches that no argument of `nn.BatchNorm2d` has. */
function freezeLines(blocks: readonly NamedBlock[]): readonly SourceLine[] {
  const lines = blocks.flatMap(({ block, name, freeze }) =>
    (freeze?.(`self.${name}`) ?? []).map((line) => lineOf(line, block.id)),
  );
  if (lines.length === 0) return [];
  const title =
    '"""Applies the BatchNorm switches of the project to training: call it after every train()."""';
  return [...plainLines('', '    def freeze_batch_norm(self):'), ...indented([lineOf(title), ...lines], 8)];
}
