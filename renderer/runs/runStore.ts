import { defineStore } from 'pinia';
import { computed, shallowRef, watch, type Ref } from 'vue';
import type { RunState } from '#core/contract/run.ts';
import { documentHash } from '#core/document/documentHash.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { useLab, type Lab } from '../client/useLab.ts';
import { belongsTo, runInView, runLabel } from './ownRuns.ts';
import { freshRunName } from './runNames.ts';
import { startBlockersOf } from './startBlocker.ts';
import { useDrawnRuns } from './useDrawnRuns.ts';
import { useRunList } from './useRunList.ts';
import { useStart, type MoveWorkflow, type StartRequest } from './useStart.ts';
import {
  actionsOf,
  isLive,
  withEvent,
  withoutRun,
  withState,
  workflowOf,
  type Workflows,
} from './workflow.ts';
import { useDataStore } from '../data/folders/dataStore.ts';
import { useNoticeStore } from '../app/noticeStore.ts';
import { useProjectStore } from '../project/projectStore.ts';

/**
 * Runs: the workflow from plan to trained network, the runs of the active project, and the metrics of the drawn runs.
 */
export const useRunStore = defineStore('runs', () => {
  const lab = useLab();
  const notices = useNoticeStore();
  const { workflow, move, heard, gone } = useWorkflows();
  const all = shallowRef<readonly RunState[]>([]);
  const owned = useOwnedRuns(all);
  const { blockers, request } = useRequest(owned.otherLive);
  const starting = useStart(lab, move, request);
  const drawing = useDrawnRuns(lab, owned.labelled, notices.showError);
  // Last of all: events that waited for a listener are delivered at once.
  const list = useRunList(lab, all, {
    heard: (state) => {
      drawing.heard(state);
      heard(state);
    },
    gone,
  });
  const viewing = useViewing(list, owned, drawing, move);

  async function start(): Promise<void> {
    const { id, name } = useProjectStore().document;
    const taken = all.value.map((run) => run.name);
    const runId = await starting.start(freshRunName(name, taken));
    if (runId !== null) await viewing.attach(runId, id).catch(notices.showError);
  }

  /** Data to request again after every (re)connection. */
  async function catchUp(): Promise<void> {
    await list.refresh();
    drawing.colorAll();
    drawing.refill();
  }

  // If the connection is lost meanwhile, the next one requests the data again.
  const onConnection = (isOpen: boolean): void => void (isOpen && catchUp().catch(() => undefined));
  watch(() => lab.connection.value.kind === 'open', onConnection, { immediate: true });

  return {
    workflow,
    runs: owned.shown,
    all,
    own: owned.own,
    others: owned.others,
    otherLive: owned.otherLive,
    showsOthers: owned.showsOthers,
    current: owned.current,
    isOwn: owned.isOwn,
    labelOf: owned.labelOf,
    blockers,
    blocker: computed(() => blockers.value[0] ?? null),
    actions: computed(() => actionsOf(workflow.value)),
    ...useControls(lab, owned.current, viewing.attach, list.take),
    drawn: drawing.drawn,
    colors: drawing.colors,
    version: drawing.version,
    draw: drawing.draw,
    plan: starting.plan,
    start,
    pick: viewing.pick,
  };
});

/** The workflow of each project, and that of the active one. */
function useWorkflows() {
  const project = useProjectStore();
  const all = shallowRef<Workflows>(new Map());
  const move: MoveWorkflow = (projectId, event) => {
    all.value = withEvent(all.value, projectId, event);
    return workflowOf(all.value, projectId);
  };
  return {
    workflow: computed(() => workflowOf(all.value, project.document.id)),
    move,
    heard: (state: RunState): void => {
      all.value = withState(all.value, state);
    },
    gone: (runId: string): void => {
      all.value = withoutRun(all.value, runId);
    },
  };
}

/**
 * Selecting runs. A run that is selected for the first time is drawn; a run that the user took off the charts stays
 * off.
 */
function useViewing(
  list: ReturnType<typeof useRunList>,
  owned: ReturnType<typeof useOwnedRuns>,
  { draw }: Pick<ReturnType<typeof useDrawnRuns>, 'draw'>,
  move: MoveWorkflow,
) {
  const project = useProjectStore();

  /**
   * Selects a run that was started or resumed, where `from` is the active project by then; an unknown run is removed
   * from the workflow.
   */
  async function attach(runId: string, from: string = project.document.id): Promise<void> {
    if (!list.find(runId)) await list.refresh();
    const state = list.find(runId);
    if (state === undefined) {
      move(from, { kind: 'reset' });
      return;
    }
    owned.pick(runId, from);
    move(state.project?.id ?? from, { kind: 'attached', state });
    draw(state, true);
  }

  /** Shows the card of a run, and its curves; the workflow of the project continues. */
  function pick(run: RunState): void {
    owned.pick(run.runId, project.document.id);
    draw(run, true);
  }

  const seen = new Set<string>();
  watch(
    () => owned.current.value?.runId,
    (runId) => {
      if (runId === undefined || owned.current.value === null || seen.has(runId)) return;
      seen.add(runId);
      draw(owned.current.value, true);
    },
    { immediate: true },
  );
  return { attach, pick };
}

/** Which runs belong to the active project, which are shown, and which one is selected. */
function useOwnedRuns(all: Ref<readonly RunState[]>) {
  const project = useProjectStore();
  const hash = computed(() => documentHash(project.document));
  const owner = computed(() => ({ id: project.document.id, hash: () => hash.value }));
  const isOwn = (run: RunState): boolean => belongsTo(run, owner.value);
  const own = computed(() => all.value.filter(isOwn));
  const others = computed(() => all.value.filter((run) => !isOwn(run)));
  const showsOthers = shallowRef(false);
  const shown = computed(() => (showsOthers.value ? all.value : own.value));
  const labelOf = (run: RunState): string => runLabel(run, isOwn(run));
  /** Last selected run, by project. */
  const picked = shallowRef<ReadonlyMap<string, string>>(new Map());
  return {
    isOwn,
    own,
    others,
    showsOthers,
    shown,
    labelOf,
    /** Names of the runs in charts. */
    labelled: computed(() =>
      showsOthers.value ? shown.value.map((run) => ({ ...run, name: labelOf(run) })) : shown.value,
    ),
    otherLive: computed(() => others.value.find(isLive) ?? null),
    current: computed(() => runInView(own.value, shown.value, picked.value.get(project.document.id))),
    pick: (runId: string, projectId: string): void => {
      picked.value = new Map(picked.value).set(projectId, runId);
    },
  };
}

/** Actions on the selected run, or on the named one; failures are shown as a notice. */
function useControls(
  lab: Lab,
  current: Ref<RunState | null>,
  attach: (runId: string) => Promise<void>,
  take: (state: RunState) => void,
) {
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
    /** Changes the name or note of a run; returns true once it is on disk. */
    describe: async (runId: string, change: { name?: string; note?: string }): Promise<boolean> => {
      try {
        take(await lab.call('run.describe', { runId, ...change }));
        return true;
      } catch (thrown) {
        notices.showError(thrown);
        return false;
      }
    },
    /** Deletes a run: into the trash, or for good. Rejects as the lab does. */
    remove: async (runId: string, isFinal: boolean): Promise<void> => {
      await lab.call('run.delete', { runId, isFinal });
    },
  };
}

/** What the project and its folders say about a start. */
function useRequest(otherLive: Ref<RunState | null>) {
  const lab = useLab();
  const project = useProjectStore();
  const data = useDataStore();
  const blockers = computed(() =>
    startBlockersOf({
      connection: lab.connection.value.kind,
      isGraphSound: project.report.graph !== null,
      train: data.train.kind,
      validation: data.validation.kind,
      isOtherRunLive: otherLive.value !== null,
    }),
  );
  function request(): StartRequest | null {
    if (blockers.value.length > 0 || data.trainFolder === null) return null;
    return {
      projectId: project.document.id,
      project: serializeDocument(project.document),
      train: data.trainFolder.grant,
      validation: data.validationFolder?.grant ?? null,
    };
  }
  return { blockers, request };
}
