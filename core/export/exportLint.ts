import { message } from '../words/message.ts';
import { AppError } from '../diagnostics/appError.ts';
import { concerned, FINDING_SEVERITIES, type ExportFinding } from './exportFinding.ts';
import { isFiniteThroughout } from './finite.ts';
import { lintNorms } from './normLint.ts';
import type { TrainedModel } from './trainedModel.ts';

/**
 * Everything about the weights of a network that is worth knowing before it is exported: values that are not finite, in
 * any tensor, and the statistics and gammas of its BatchNorm blocks. Errors come first; then in the graph's order. An
 * export is refused exactly where there is an error, in the same words.
 */
export function lintModel(model: TrainedModel): readonly ExportFinding[] {
  const findings = [...notFinite(model), ...lintNorms(model)];
  return FINDING_SEVERITIES.flatMap((severity) => findings.filter((each) => each.severity === severity));
}

function notFinite({ layout, state }: TrainedModel): readonly ExportFinding[] {
  return [...layout.parameters, ...layout.statistics].flatMap(({ node, name, offset, size }) => {
    const values = state.subarray(offset, offset + size);
    if (isFiniteThroughout(values)) return [];
    return {
      ...{ code: 'not-finite', severity: 'error', node, tensor: name },
      ...concerned(values, (value) => !Number.isFinite(value)),
      message: message('exporting.notFinite', { name }),
      hint: null,
    } satisfies ExportFinding;
  });
}

/**
 * Refuses a network whose BatchNorm blocks have no statistics that an output can be computed with: none were ever
 * updated (`AppError('run-has-no-weights')`), or a variance is negative (`AppError('run-invalid')`).
 */
export function requireFrozenStatistics(model: TrainedModel): void {
  const refusal = lintNorms(model).find(({ severity }) => severity === 'error');
  if (refusal === undefined) return;
  const code = refusal.code === 'no-batches' ? 'run-has-no-weights' : 'run-invalid';
  throw new AppError(code, refusal.message, { where: refusal.node });
}
