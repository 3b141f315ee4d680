import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { EvaluationKey, ImageQuery } from '#core/contract/evaluationCalls.ts';
import { useLab, type Lab } from '../../client/useLab.ts';
import { FIRST_CHOICES, startParams, type EvaluationChoices } from './evaluationChoices.ts';
import { useEvaluatedRun } from './useEvaluatedRun.ts';
import { useEvaluationTasks } from './useEvaluationTasks.ts';
import { useKeptEvaluations } from './useKeptEvaluations.ts';
import { useShownEvaluation } from './useShownEvaluation.ts';

/** The views of the Evaluate panel, in the order of their tabs. */
export const EVALUATION_VIEWS = ['figures', 'confusion', 'images', 'picture', 'pair'] as const;
type EvaluationView = (typeof EVALUATION_VIEWS)[number];

/** A picture that another view sends to the picture view. */
interface SentPicture {
  readonly key: EvaluationKey;
  readonly image: number;
}

const ALL_WRONG: ImageQuery = { order: 'wrong', truth: null, decided: null, text: null };

/**
 * What the Evaluate panel shows: a run, its evaluations, one of them with its figures, and the evaluation in progress.
 */
export const useEvaluationStore = defineStore('evaluation', () => {
  const lab = useLab();
  const views = useViews();
  const evaluated = useEvaluatedRun();
  const { runs, run, chooseRun } = evaluated;
  const kept = useKeptEvaluations(lab);
  const showing = useShownEvaluation(lab);
  const { shown, opening, openError } = showing;
  const { open, refresh, remove } = useBrowsing(lab, evaluated, kept, showing);
  const tasks = useEvaluationTasks(lab);
  const { choices, choose } = useChoices(() => run.value?.runId);

  /** Evaluates a run; `done` is called with the result. Nothing where it failed, was cancelled or did not begin. */
  async function evaluateRun(
    runId: string,
    as: EvaluationChoices,
    done?: (key: EvaluationKey) => Promise<void>,
  ): Promise<void> {
    const key = await tasks.start(runId, as);
    if (key === null) return;
    await done?.(key);
    await kept.refresh(runId);
  }

  /** Evaluates the run as chosen, and shows the result unless another run has been selected by then. */
  async function start(): Promise<void> {
    const runId = run.value?.runId;
    if (runId === undefined) return;
    await evaluateRun(runId, choices.value, async (key) => {
      if (run.value?.runId === runId) await showing.show(key);
    });
  }

  return {
    ...views,
    ...{ runs, run, chooseRun, choices, choose, shown, opening, openError, open, remove, start },
    ...{ evaluateRun, taskOf: (runId: string) => tasks.tasks.value.get(runId), cancelRun: tasks.cancel },
    /** The evaluations of the selected run; undefined without a run. */
    kept: computed(() => (run.value === undefined ? undefined : kept.lists.value.get(run.value.runId))),
    /** The evaluations of the selected run, the newest first; empty while they are not known. */
    evaluations: computed(() => evaluationsOf(kept.lists.value, run.value?.runId)),
    /** The evaluations of any run that were asked for. */
    evaluationsOf: (runId: string) => evaluationsOf(kept.lists.value, runId),
    refresh,
    /** What the selected run's evaluation is doing; undefined where none was started, or it has ended well. */
    task: computed(() => (run.value === undefined ? undefined : tasks.tasks.value.get(run.value.runId))),
    outcomes: tasks.outcomes,
    /** True where the selected run can be evaluated as chosen. */
    canStart: computed(
      () =>
        lab.connection.value.kind === 'open' &&
        run.value !== undefined &&
        tasks.tasks.value.get(run.value.runId)?.kind !== 'working' &&
        startParams(run.value.runId, choices.value) !== null,
    ),
    /** Takes the error of the last evaluation of the selected run off the screen. */
    forget: () => {
      if (run.value !== undefined) tasks.forget(run.value.runId);
    },
    cancel: async () => {
      if (run.value !== undefined) await tasks.cancel(run.value.runId);
    },
  };
});

/** Reading the evaluations of the selected run, and showing one of them. */
function useBrowsing(
  lab: Lab,
  { run, chooseRun }: ReturnType<typeof useEvaluatedRun>,
  kept: ReturnType<typeof useKeptEvaluations>,
  showing: ReturnType<typeof useShownEvaluation>,
) {
  /** Shows an evaluation, and its run. */
  async function open(key: EvaluationKey): Promise<void> {
    chooseRun(key.runId);
    await showing.show(key);
  }

  /** Reads the list of the run's evaluations; shows the one shown last, or the newest, unless one is shown. */
  async function refresh(runId: string): Promise<void> {
    const evaluations = await kept.refresh(runId);
    if (run.value?.runId !== runId || showing.isOf(runId)) return;
    const last = evaluations.find(({ id }) => id === showing.lastOf(runId)) ?? evaluations[0];
    if (last !== undefined) await showing.show({ runId, id: last.id });
  }

  /** Removes an evaluation from the disk. Rejects as the lab does. */
  async function remove(key: EvaluationKey): Promise<void> {
    await lab.call('evaluation.remove', key);
    const { value } = showing.shown;
    if (value?.key.id === key.id && value.key.runId === key.runId) showing.clear();
    await refresh(key.runId);
  }

  watch(
    () => [run.value?.runId, lab.connection.value.kind === 'open'] as const,
    ([runId, isOpen]) => {
      if (runId === undefined || !showing.isOf(runId)) showing.clear();
      if (runId !== undefined && isOpen) void refresh(runId);
    },
    { immediate: true },
  );
  return { open, refresh, remove };
}

function evaluationsOf(
  lists: ReturnType<typeof useKeptEvaluations>['lists']['value'],
  runId: string | undefined,
) {
  const list = runId === undefined ? undefined : lists.get(runId);
  return list?.kind === 'ready' ? list.evaluations : [];
}

/** Which view is shown, and what one view sends to another. */
function useViews() {
  const view = ref<EvaluationView>('figures');
  /** Which images the list shows. */
  const query = shallowRef<ImageQuery>(ALL_WRONG);
  const sent = shallowRef<SentPicture | null>(null);

  /** Lists images of the evaluation, in the images view. */
  function showImages(wanted: Partial<ImageQuery>): void {
    query.value = { ...ALL_WRONG, ...wanted };
    view.value = 'images';
  }

  /** Shows an image of an evaluation in the picture view. */
  function showPicture(picture: SentPicture): void {
    sent.value = picture;
    view.value = 'picture';
  }

  return { view, query, sent, showImages, showPicture };
}

/** What is evaluated next, remembered for each run while the page is open. */
function useChoices(runId: () => string | undefined) {
  const all = shallowRef<ReadonlyMap<string, EvaluationChoices>>(new Map());
  const choices = computed(() => all.value.get(runId() ?? '') ?? FIRST_CHOICES);
  function choose(change: Partial<EvaluationChoices>): void {
    const id = runId();
    if (id !== undefined) all.value = new Map(all.value).set(id, { ...choices.value, ...change });
  }
  return { choices, choose };
}
