import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { LiveComparison } from '#core/contract/policyCalls.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { RUN_POLICY_PAGES, type RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import { trunkNorms } from '#core/rewrites/batchNormPolicy.ts';
import { useNoticeStore } from '../app/noticeStore.ts';
import { useLab, type Lab } from '../client/useLab.ts';
import { useDataStore } from '../data/folders/dataStore.ts';
import { translate } from '../messages/i18n.ts';
import { inWords } from '../messages/inWords.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { freshRunName } from '../runs/runNames.ts';
import { useRunStore } from '../runs/runStore.ts';
import { comparisonsOf } from './policyLines.ts';

/** Comparisons of BatchNorm policies: the one that goes on, those of the project, and the dialog that starts one. */
export const usePolicyStore = defineStore('policies', () => {
  const lab = useLab();
  const runs = useRunStore();
  const project = useProjectStore();
  const isDialogOpen = ref(false);
  const live = useLive(lab);
  const all = computed(() => comparisonsOf(runs.own));
  const picked = ref<string | null>(null);
  const shown = computed(() => all.value.find(({ id }) => id === picked.value) ?? all.value[0] ?? null);
  const canCompare = computed(
    () => project.document.start !== undefined && trunkNorms(project.document.graph).length > 0,
  );
  useDrawing(live);
  return {
    ...{ isDialogOpen, live, all, shown, canCompare },
    ...useCalls(lab, live, picked),
    pick: (id: string): void => {
      picked.value = id;
    },
  };
});

/** The comparison that goes on, asked again after every (re)connection. */
function useLive(lab: Lab) {
  const live = shallowRef<LiveComparison | null>(null);
  lab.on('policies', ({ state }) => {
    live.value = state;
  });
  watch(
    () => lab.connection.value.kind === 'open',
    (isOpen) => {
      if (!isOpen) return;
      lab.call('policies.state', {}).then(
        (state) => {
          live.value = state;
        },
        // If the connection is lost meanwhile, the next one asks again.
        () => undefined,
      );
    },
    { immediate: true },
  );
  return live;
}

/** The runs of a comparison that goes on are drawn as they begin. */
function useDrawing(live: ReturnType<typeof useLive>): void {
  const runs = useRunStore();
  const seen = new Set<string>();
  watch(
    () => runs.own.filter(({ series }) => series !== undefined && series.id === live.value?.seriesId),
    (members) => {
      for (const run of members) {
        if (seen.has(run.runId)) continue;
        seen.add(run.runId);
        runs.draw(run, true);
      }
    },
    { immediate: true },
  );
}

function useCalls(lab: Lab, live: ReturnType<typeof useLive>, picked: { value: string | null }) {
  const runs = useRunStore();
  const project = useProjectStore();
  const data = useDataStore();
  const notices = useNoticeStore();

  /** Starts one run for each policy; returns why that was refused, or null. Other runs leave the charts. */
  async function start(policies: readonly RunPolicy[], epochs: number): Promise<AppErrorData | null> {
    const train = data.trainFolder;
    if (train === null) return null;
    const { document } = project;
    const taken = runs.all.map(({ name }) => name);
    const named = policies.map((policy) => ({
      policy,
      name: freshRunName(nameOf(document.name, policy), taken),
    }));
    try {
      const { seriesId } = await lab.call('policies.start', {
        ...{ project: serializeDocument(document), epochs, runs: named, train: train.grant },
        validation: data.validationFolder?.grant ?? null,
      });
      picked.value = seriesId;
      for (const run of runs.runs) if (run.series?.id !== seriesId) runs.draw(run, false);
      return null;
    } catch (thrown) {
      return toErrorData(thrown);
    }
  }

  async function cancel(): Promise<void> {
    if (live.value === null) return;
    try {
      await lab.call('policies.cancel', { seriesId: live.value.seriesId });
    } catch (thrown) {
      notices.showError(thrown);
    }
  }

  return { start, cancel };
}

function nameOf(project: string, policy: RunPolicy): string {
  const title = inWords(RUN_POLICY_PAGES[policy].title);
  return translate('policies.runName', { project: project.slice(0, 70).trim(), policy: title });
}
