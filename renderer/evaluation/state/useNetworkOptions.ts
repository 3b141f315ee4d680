import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import type { RunState } from '#core/contract/run.ts';
import { useRunStore } from '../../runs/runStore.ts';
import { formatPercent } from '../../text/formatPercent.ts';
import { optionsOf } from './choice.ts';
import { useEvaluationStore } from './evaluationStore.ts';

/** The runs and the epochs that can be chosen, with their accuracies. */
export function useNetworkOptions() {
  const { t } = useI18n();
  const evaluation = useEvaluationStore();
  const runs = useRunStore();
  const accuracyOf = ({ result }: RunState): string =>
    result?.val ? ` · ${formatPercent(result.val.accuracy)}` : '';

  function bestWords(run: RunState | undefined): string {
    const best = run?.best ?? null;
    if (best === null) return t('evaluation.bar.anyBest');
    return t('evaluation.bar.best', { epoch: best.epoch, accuracy: formatPercent(best.valAccuracy) });
  }

  return {
    runOptions: computed(() =>
      evaluation.runs.map((run) => ({ value: run.runId, label: runs.labelOf(run) + accuracyOf(run) })),
    ),
    /** Of a run without a best epoch the last checkpoint only, unless another one is `chosen`. */
    checkpointsOf: (run: RunState | undefined, chosen: 'last' | 'best') =>
      optionsOf((run?.best ?? null) === null && chosen === 'last' ? ['last'] : ['last', 'best'], (value) =>
        value === 'last' ? t('evaluation.bar.last') : bestWords(run),
      ),
  };
}
