import { defineStore } from 'pinia';
import { computed, shallowRef, watch, type Ref } from 'vue';
import type { RunState } from '#core/contract/run.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { useLab, type Lab } from '../client/useLab.ts';
import { freshRunName } from '../runs/runNames.ts';
import { startBlockerOf } from '../runs/startBlocker.ts';
import { useDrawnRuns } from '../runs/useDrawnRuns.ts';
import { useRunList } from '../runs/useRunList.ts';
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
  const lastRunId = shallowRef<string | null>(null);
  const { blocker, request } = useRequest();
  const starting = useStart(lab, workflow, request);
  const runs = shallowRef<readonly RunState[]>([]);
  const drawing = useDrawnRuns(lab, runs, notices.showError);
  // Last of all: events that waited for a listener come at once.
  const list = useRunList(lab, runs, (state) => {
    drawing.heard(state);
    starting.move({ kind: 'stateCame', state });
  });
  /** The run that was started or attached last: it stays in view while the next one is planned. */
  const current = computed(() => (lastRunId.value === null ? null : (list.find(lastRunId.value) ?? null)));

  /** Brings a run into view and draws it; one that is not known is forgotten. */
  async function attach(runId: string): Promise<void> {
    if (!list.find(runId)) await list.refresh();
    const state = list.find(runId);
    if (state === undefined) {
      starting.move({ kind: 'reset' });
      return;
    }
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
    await list.refresh();
    drawing.colorAll();
    drawing.refill();
    const live = runs.value.find(isLive);
    if (live && current.value === null && workflow.value.kind !== 'starting') await attach(live.runId);
  }

  // A connection that goes away again meanwhile is caught up with when it is back.
  const onConnection = (isOpen: boolean): void => void (isOpen && catchUp().catch(() => undefined));
  watch(() => lab.connection.value.kind === 'open', onConnection, { immediate: true });

  return {
    workflow,
    runs,
    current,
    blocker,
    actions: computed(() => actionsOf(workflow.value)),
    ...useControls(lab, current, attach),
    drawn: drawing.drawn,
    colors: drawing.colors,
    version: drawing.version,
    draw: drawing.draw,
    plan: starting.plan,
    start,
    attach,
  };
});

/** Pause, resume and stop of the run in view, or of the one named; what goes wrong is shown as a notice. */
function useControls(lab: Lab, current: Ref<RunState | null>, attach: (runId: string) => Promise<void>) {
  const notices = useNoticeStore();
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
  return {
    pause: (runId?: string) => act('run.pause', runId),
    resume: (runId?: string) => act('run.resume', runId),
    stop: (runId?: string) => act('run.stop', runId),
  };
}

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
