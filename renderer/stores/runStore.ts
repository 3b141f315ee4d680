import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { RunState } from '#core/contract/run.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { useLab } from '../client/useLab.ts';
import { freshRunName } from '../runs/runNames.ts';
import { startBlockerOf } from '../runs/startBlocker.ts';
import { useDrawnRuns } from '../runs/useDrawnRuns.ts';
import { useStart, type StartRequest } from '../runs/useStart.ts';
import { actionsOf, isLive, type Workflow } from '../runs/workflow.ts';
import { useDataStore } from './dataStore.ts';
import { useNoticeStore } from './noticeStore.ts';
import { useProjectStore } from './projectStore.ts';

/** Runs: the way from plan to trained network, the list of all runs, and the numbers of those that are drawn. */
export const useRunStore = defineStore('runs', () => {
  const lab = useLab();
  const notices = useNoticeStore();
  const workflow = shallowRef<Workflow>({ kind: 'idle' });
  const runs = shallowRef<readonly RunState[]>([]);
  const drawing = useDrawnRuns(lab, runs, notices.showError);
  const { blocker, request } = useRequest();
  const starting = useStart(lab, workflow, request);
  const lastRunId = shallowRef<string | null>(null);
  /** The run that was started or attached last: it stays in view while the next one is planned. */
  const current = computed(() => runs.value.find((run) => run.runId === lastRunId.value) ?? null);

  function takeState(state: RunState): void {
    const others = runs.value.filter((run) => run.runId !== state.runId);
    runs.value =
      others.length === runs.value.length
        ? [state, ...others]
        : runs.value.map((run) => (run.runId === state.runId ? state : run));
    drawing.place(state);
    starting.move({ kind: 'stateCame', state });
  }

  async function attach(runId: string): Promise<void> {
    if (!runs.value.some((run) => run.runId === runId)) runs.value = await lab.call('run.list', {});
    const state = runs.value.find((run) => run.runId === runId);
    if (state === undefined) return;
    lastRunId.value = runId;
    starting.move({ kind: 'attached', state });
    drawing.draw(state, true);
  }

  async function start(): Promise<void> {
    const taken = runs.value.map((run) => run.name);
    const runId = await starting.start(freshRunName(useProjectStore().document.name, taken));
    if (runId !== null) await attach(runId).catch(notices.showError);
  }

  /** What must be known again after every (re)connection. */
  async function catchUp(): Promise<void> {
    runs.value = await lab.call('run.list', {});
    for (const run of runs.value) takeState(run);
    drawing.refill();
    const live = runs.value.find(isLive);
    if (live && current.value === null && workflow.value.kind !== 'starting') await attach(live.runId);
  }

  async function act(method: 'run.pause' | 'run.resume' | 'run.stop', runId?: string): Promise<void> {
    const wanted = runId ?? current.value?.runId;
    if (wanted === undefined) return;
    try {
      await lab.call(method, { runId: wanted });
      if (method === 'run.resume') await attach(wanted);
    } catch (thrown) {
      notices.showError(thrown);
    }
  }

  lab.on('runState', ({ state }) => takeState(state));
  // A connection that goes away again meanwhile is caught up with when it is back.
  const onConnection = (isOpen: boolean): void => void (isOpen && catchUp().catch(() => undefined));
  watch(() => lab.connection.value.kind === 'open', onConnection, { immediate: true });

  return {
    workflow,
    runs,
    current,
    blocker,
    actions: computed(() => actionsOf(workflow.value)),
    drawn: drawing.drawn,
    colors: drawing.colors,
    version: drawing.version,
    draw: drawing.draw,
    plan: starting.plan,
    start,
    attach,
    pause: () => act('run.pause'),
    /** Resumes the run in view, or another that was stopped or interrupted. */
    resume: (runId?: string) => act('run.resume', runId),
    stop: () => act('run.stop'),
  };
});

/** What the project and its folders make of a start. */
function useRequest() {
  const lab = useLab();
  const project = useProjectStore();
  const data = useDataStore();
  const blocker = computed(() =>
    startBlockerOf({
      connection: lab.connection.value.kind,
      isGraphSound: project.report.graph !== null,
      train: data.train.kind,
      validation: data.validation.kind,
    }),
  );
  function request(): StartRequest | null {
    if (blocker.value !== null || data.trainFolder === null) return null;
    return {
      project: serializeDocument(project.document),
      train: data.trainFolder.grant,
      validation: data.validationFolder?.grant ?? null,
    };
  }
  return { blocker, request };
}
