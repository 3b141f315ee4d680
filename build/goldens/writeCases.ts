import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { exportedName } from '#core/export/stateReader.ts';
import { planOf } from '#core/optimizers/registry.ts';
import type { ParameterSlot, StatisticSlot } from '#core/program/stateLayout.ts';
import { shapedGraph, type GoldenCase } from './goldenCase.ts';
import { NORMALIZATION_CASES, SAMPLE_NORM_CASES } from './normalizationCases.ts';
import { OPERATION_CASES } from './operationCases.ts';
import { BATCH_NORM_COURSES, GROUP_CASES, OPTIMIZER_CASES, TEMPLATE_CASES } from './trainingCases.ts';

/** Golden files by name, and the cases of each. */
export const GOLDEN_FILES = {
  operations: [...OPERATION_CASES, ...NORMALIZATION_CASES, ...SAMPLE_NORM_CASES],
  training: [...OPTIMIZER_CASES, ...BATCH_NORM_COURSES, ...GROUP_CASES, ...TEMPLATE_CASES],
} as const;

/** A case with the additional data that PyTorch needs: shapes, and the tensors of its state dict. */
function described(one: GoldenCase): object {
  const graph = shapedGraph(one, one.graph);
  const layout = buildStateLayout(graph, planOf(one.options.optimizer));
  const slot = ({ name, node, field, dims }: ParameterSlot | StatisticSlot): object => ({
    ...{ name, field, dims, torch: exportedName(node, field) },
  });
  return {
    case: one,
    inputShape: graph.inputShape,
    classes: graph.classes,
    parameters: layout.parameters.map((each) => ({
      ...slot(each),
      ...{ decayed: each.decayed, trainable: each.trainable, rateFactor: each.rateFactor },
    })),
    statistics: layout.statistics.map(slot),
  };
}

const [folder] = process.argv.slice(2);
if (folder !== undefined && import.meta.main) {
  mkdirSync(folder, { recursive: true });
  for (const [file, cases] of Object.entries(GOLDEN_FILES))
    writeFileSync(join(folder, `${file}.json`), JSON.stringify(cases.map(described)));
}
