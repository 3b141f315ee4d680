import type { LabHandlers } from './connections/dispatch.ts';
import type { PairService } from './evaluation/pairService.ts';

/** The calls that the service answers. */
export function pairHandlers(
  pairs: PairService,
): Pick<LabHandlers, Extract<keyof LabHandlers, `pair.${string}`>> {
  return {
    'pair.compare': (request) => pairs.compare(request),
    'pair.cancel': ({ taskId }) => {
      pairs.cancel(taskId);
      return {};
    },
    'pair.open': (key) => pairs.open(key),
    'pair.images': (request) => pairs.images(request),
    'pair.write': (request) => pairs.write(request),
  };
}
