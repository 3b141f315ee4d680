import type { LabHandlers } from './connections/dispatch.ts';
import type { EvaluationService } from './evaluation/evaluationService.ts';

/** The calls about evaluations. */
export function evaluationHandlers(
  service: EvaluationService,
): Pick<LabHandlers, Extract<keyof LabHandlers, `evaluation.${string}`>> {
  return {
    'evaluation.start': (request) => service.start(request),
    'evaluation.cancel': ({ taskId }) => {
      service.cancel(taskId);
      return {};
    },
    'evaluation.list': ({ runId }) => service.list(runId),
    'evaluation.open': (key) => service.open(key),
    'evaluation.remove': async (key) => {
      await service.remove(key);
      return {};
    },
    'evaluation.images': (request) => service.images(request),
    'evaluation.pictures': (request) => service.pictures(request),
    'evaluation.write': (request) => service.write(request),
  };
}
