import type { LabParams, LabResult } from '#core/contract/labApi.ts';
import type { ModelSource, StoredModelRow } from '#core/contract/modelCalls.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import type { LabHome } from '../../files/labHome.ts';
import { startModelTask, type ResultOf } from '../../models/modelClient.ts';
import type { ModelResult, ModelTask } from '../../models/modelMessages.ts';
import { findModel, listModels, modelsFolders, type StoredModel } from '../../models/modelsFolder.ts';
import { removeModel } from '../../models/removeModel.ts';
import { TaskSet } from '../../threads/taskSet.ts';
import type { FileGrants } from '../grants/fileGrants.ts';

/** How long `close` waits for a thread. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Models that training can start from: the models folder, and projects from model files and runs. */
export class ModelService {
  private readonly home: LabHome;
  private readonly grants: FileGrants;
  private readonly folderOf: (runId: string) => string;
  private readonly active = new TaskSet<ModelResult>();

  /** `folderOf` returns the folder of an existing run. */
  constructor(home: LabHome, grants: FileGrants, folderOf: (runId: string) => string) {
    this.home = home;
    this.grants = grants;
    this.folderOf = folderOf;
  }

  list(): StoredModelRow[] {
    return listModels(modelsFolders(this.home)).map((stored) => this.rowOf(stored));
  }

  /** Throws as `addModel` does. */
  async add({ file, importId, ...rest }: LabParams<'model.add'>): Promise<StoredModelRow> {
    const path = this.grants.resolve(file, 'model', 'read');
    const { models: modelsFolder, weights: weightsFolder } = this.home;
    const task = { task: 'add', ...rest, file: path, modelsFolder, weightsFolder } as const;
    return this.rowOf((await this.run(importId, task)).stored);
  }

  /** Throws `AppError('model-invalid')` for an unknown name and for a model that came with the installation. */
  async remove({ name }: LabParams<'model.remove'>): Promise<void> {
    const stored = findModel([this.home.models], name);
    if (stored === null) throw unknown(name);
    await removeModel(stored);
  }

  /** Throws as `inspectModel` does. */
  async inspect({
    from,
    importId,
    architecture,
  }: LabParams<'model.inspect'>): Promise<LabResult<'model.inspect'>> {
    const weightsFolder = this.home.weights;
    const task = { task: 'inspect', from: this.pathOf(from), architecture, weightsFolder } as const;
    return (await this.run(importId, task)).report;
  }

  /** Throws as `importProject` does. */
  async import({
    from,
    importId,
    architecture,
    partial,
  }: LabParams<'model.import'>): Promise<LabResult<'model.import'>> {
    const rest = { architecture, partial, weightsFolder: this.home.weights };
    const { project, report } = await this.run(importId, {
      task: 'import',
      from: this.pathOf(from),
      ...rest,
    });
    return { project, report };
  }

  cancel(importId: string): void {
    this.active.cancel(importId);
  }

  close(): Promise<void> {
    return this.active.close(CLOSE_TIMEOUT_MS);
  }

  private async run<T extends ModelTask>(importId: string, task: T): Promise<ResultOf<T['task']>> {
    if (this.active.has(importId)) throw new AppError('arguments', message('importing.underWay'));
    const result = await this.active.run(importId, startModelTask(task));
    if (!isOf(task, result)) throw new InvariantError(`result of another task: ${result.task}`);
    return result;
  }

  private pathOf(from: ModelSource): string {
    switch (from.kind) {
      case 'file':
        return this.grants.resolveOneOf(from.file, ['model', 'project'], 'read');
      case 'run':
        return this.folderOf(from.runId);
      case 'model': {
        const stored = findModel(modelsFolders(this.home), from.name);
        if (stored === null) throw unknown(from.name);
        return stored.path;
      }
    }
  }

  private rowOf({ record, folder }: StoredModel): StoredModelRow {
    const {
      name,
      architecture,
      modelFormat: format,
      outputs,
      bytes,
      sha256,
      source,
      licence,
      addedAt,
    } = record;
    const isRemovable = folder.startsWith(this.home.models);
    return { name, architecture, format, outputs, bytes, sha256, source, licence, addedAt, isRemovable };
  }
}

function isOf<T extends ModelTask>(task: T, result: ModelResult): result is ResultOf<T['task']> {
  return result.task === task.task;
}

function unknown(name: string): AppError {
  return new AppError('model-invalid', message('importing.modelGone', { name }), { where: name });
}
