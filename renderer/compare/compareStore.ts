import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Comparison } from '#core/contract/comparison.ts';
import type { ComparedSource, ModelSource } from '#core/contract/modelCalls.ts';
import { AppError, toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message } from '#core/words/message.ts';
import { useLab } from '../client/useLab.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { workAfter, type Work } from '../runs/work.ts';

export type Side = 'a' | 'b';

/** What is chosen for a side: a model, or the open project of a tab, as it is when the comparison starts. */
export interface Choice {
  readonly from: ModelSource | { readonly kind: 'project'; readonly key: string };
  readonly name: string;
}

/** The names of the two sides as the user chose them. */
export type SideNames = Readonly<Record<Side, string>>;

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly importId: string; readonly work: Work }
  | { readonly kind: 'done'; readonly comparison: Comparison; readonly names: SideNames }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** The two models to compare, the comparison, and the block that tables and graph show. */
export const useCompareStore = defineStore('compare', () => {
  const chosen = shallowRef<Readonly<Record<Side, Choice | null>>>({ a: null, b: null });
  /** The side whose chooser is open. */
  const choosing = ref<Side | null>(null);
  const { state, run, cancel, reset } = useComparison();
  /** Block of the merged graph. */
  const selected = ref<NodeId | null>(null);
  const canStart = computed(
    () => chosen.value.a !== null && chosen.value.b !== null && state.value.kind !== 'working',
  );

  function choose(side: Side, choice: Choice): void {
    cancel();
    chosen.value = { ...chosen.value, [side]: choice };
    choosing.value = null;
    reset();
  }

  /** Weights of the run that is chosen for a side. */
  function chooseCheckpoint(side: Side, checkpoint: CheckpointChoice): void {
    const { [side]: choice } = chosen.value;
    if (choice?.from.kind === 'run') choose(side, { ...choice, from: { ...choice.from, checkpoint } });
  }

  async function start(): Promise<void> {
    const { a, b } = chosen.value;
    if (a === null || b === null || !canStart.value) return;
    selected.value = null;
    await run(a, b);
  }

  /** Exchanges the sides; a comparison that is shown is made anew. */
  async function swap(): Promise<void> {
    const isDone = state.value.kind === 'done';
    cancel();
    chosen.value = { a: chosen.value.b, b: chosen.value.a };
    reset();
    if (isDone) await start();
  }

  /** Begins with a model as A; B is asked for if there is none yet. */
  function startWith(choice: Choice): void {
    choose('a', choice);
    if (chosen.value.b === null) choosing.value = 'b';
  }

  /** Begins at the first side without a model. */
  function begin(): void {
    choosing.value = chosen.value.a === null ? 'a' : chosen.value.b === null ? 'b' : null;
  }

  return {
    ...{ chosen, choosing, state, selected, canStart },
    ...{ choose, chooseCheckpoint, start, swap, cancel, startWith, begin },
  };
});

/** One comparison at a time: its progress, its end, and its cancellation. */
function useComparison() {
  const lab = useLab();
  const project = useProjectStore();
  const state = shallowRef<State>({ kind: 'idle' });

  lab.on('modelProgress', ({ importId, progress }) => {
    const { value } = state;
    if (value.kind !== 'working' || value.importId !== importId) return;
    state.value = { ...value, work: workAfter(value.work, progress, Date.now()) };
  });

  /** What the lab gets for a side. Throws where a project is no longer open. */
  function sourceOf({ from, name }: Choice, side: string): ComparedSource {
    if (from.kind !== 'project') return from;
    const tab = project.tabs.find(({ key }) => key === from.key);
    if (tab === undefined) throw new AppError('arguments', message('comparing.projectGone', { name, side }));
    const named = (tab.name || name).slice(0, 200);
    return { kind: 'project', project: serializeDocument(tab.edit.document), name: named };
  }

  async function run(a: Choice, b: Choice): Promise<void> {
    const importId = crypto.randomUUID();
    const isStill = (): boolean => state.value.kind === 'working' && state.value.importId === importId;
    state.value = { kind: 'working', importId, work: workAfter(undefined, null, Date.now()) };
    try {
      const sides = { a: sourceOf(a, 'A'), b: sourceOf(b, 'B') };
      const comparison = await lab.call('model.compare', { ...sides, importId });
      if (isStill()) state.value = { kind: 'done', comparison, names: { a: a.name, b: b.name } };
    } catch (thrown) {
      if (!isStill()) return;
      const error = toErrorData(thrown);
      state.value = error.code === 'interrupted' ? { kind: 'idle' } : { kind: 'failed', error };
    }
  }

  function cancel(): void {
    const { value } = state;
    if (value.kind === 'working')
      lab.call('model.cancel', { importId: value.importId }).catch(() => undefined);
  }

  function reset(): void {
    state.value = { kind: 'idle' };
  }

  return { state, run, cancel, reset };
}
