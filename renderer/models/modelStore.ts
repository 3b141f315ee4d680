import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ImportReport } from '#core/contract/importReport.ts';
import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import type { ModelSource, StoredModelRow } from '#core/contract/modelCalls.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { useLab, type Lab } from '../client/useLab.ts';
import { readProject } from '../project/fileActions.ts';

/** What the chosen weights are for: a project of their own, or the open project. */
type Purpose = 'project' | 'weights';

/** A source with the name that the dialog shows for it. */
export interface NamedSource {
  readonly from: ModelSource;
  readonly name: string;
}

/** The steps of the dialog. */
type Step =
  | { readonly kind: 'choosing' }
  | {
      readonly kind: 'working';
      readonly what: 'inspect' | 'import' | 'add';
      readonly name: string;
      readonly importId: string;
    }
  | { readonly kind: 'report'; readonly source: NamedSource; readonly report: ImportReport };

/** Models that training can start from, and the dialog that reads one. */
export const useModelStore = defineStore('models', () => {
  const lab = useLab();
  /** Null while the dialog is closed. */
  const purpose = ref<Purpose | null>(null);
  const steps = useSteps(lab);
  const { step, error, work, cancel, back } = steps;
  const { models, refresh, add, remove } = useStoredModels(lab, steps);

  function open(wanted: Purpose): void {
    purpose.value = wanted;
    back();
    void refresh();
  }

  function close(): void {
    cancel();
    purpose.value = null;
    back();
  }

  async function inspect(source: NamedSource): Promise<void> {
    const { from, name } = source;
    const report = await work({ what: 'inspect', name }, (importId) =>
      lab.call('model.inspect', { from, importId, architecture: null }),
    );
    if (report !== null) step.value = { kind: 'report', source, report };
  }

  /** A new project that starts from the inspected weights; null when it failed. */
  async function makeProject(partial: boolean): Promise<GraphDocument | null> {
    if (step.value.kind !== 'report') return null;
    const { from, name } = step.value.source;
    return work({ what: 'import', name }, async (importId) =>
      readProject((await lab.call('model.import', { from, importId, architecture: null, partial })).project),
    );
  }

  /** Rejects as the lab does. */
  const licence = (name: string): Promise<LabResult<'model.licence'>> => lab.call('model.licence', { name });

  return {
    ...{ purpose, step, error, models },
    ...{ open, close, back, cancel, inspect, makeProject, add, remove, refresh, licence },
  };
});

/** The step of the dialog, what went wrong in it, and work that can be cancelled. */
function useSteps(lab: Lab) {
  const step = shallowRef<Step>({ kind: 'choosing' });
  const error = shallowRef<AppErrorData | null>(null);

  /** Shows `during` while `act` runs; null when it failed or was cancelled, and then the former step again. */
  async function work<R>(
    during: { readonly what: 'inspect' | 'import' | 'add'; readonly name: string },
    act: (importId: string) => Promise<R>,
  ): Promise<R | null> {
    const former = step.value;
    const importId = crypto.randomUUID();
    step.value = { kind: 'working', ...during, importId };
    error.value = null;
    const isStill = (): boolean => step.value.kind === 'working' && step.value.importId === importId;
    try {
      const result = await act(importId);
      return isStill() ? result : null;
    } catch (thrown) {
      const data = toErrorData(thrown);
      if (isStill() && data.code !== 'interrupted') error.value = data;
      return null;
    } finally {
      if (isStill()) step.value = former;
    }
  }

  function cancel(): void {
    if (step.value.kind !== 'working') return;
    lab.call('model.cancel', { importId: step.value.importId }).catch(() => undefined);
  }

  /** To the choice of a source. */
  function back(): void {
    step.value = { kind: 'choosing' };
    error.value = null;
  }

  return { step, error, work, cancel, back };
}

/** The models of the models folder. */
function useStoredModels(lab: Lab, { error, work }: ReturnType<typeof useSteps>) {
  /** Null until the folder was listed. */
  const models = shallowRef<readonly StoredModelRow[] | null>(null);

  async function refresh(): Promise<void> {
    try {
      models.value = await lab.call('model.list', {});
    } catch (thrown) {
      error.value = toErrorData(thrown);
    }
  }

  /** True when the file was added. */
  async function add(asked: Omit<LabParams<'model.add'>, 'importId'>, name: string): Promise<boolean> {
    const added = await work({ what: 'add', name }, (importId) =>
      lab.call('model.add', { ...asked, importId }),
    );
    if (added === null) return false;
    await refresh();
    return true;
  }

  /** Rejects as the lab does. */
  async function remove(name: string): Promise<void> {
    await lab.call('model.remove', { name });
    await refresh();
  }

  return { models, refresh, add, remove };
}
