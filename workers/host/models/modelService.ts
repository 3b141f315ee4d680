import type { LabEvent, LabParams, LabResult } from '#core/contract/labApi.ts';
import type { ComparedSource, ModelSource, StoredModelRow } from '#core/contract/modelCalls.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import type { LabHome } from '../../files/labHome.ts';
import type { ModelToCompare } from '../../import/openForCompare.ts';
import { runWeightsPath } from '../../import/runWeights.ts';
import { startModelTask, type ResultOf } from '../../models/modelClient.ts';
import type { ModelResult, ModelTask } from '../../models/modelMessages.ts';
import {
  findModel,
  licenceTextOf,
  listModels,
  type ModelFolders,
  type StoredModel,
} from '../../models/modelsFolder.ts';
import { removeModel } from '../../models/removeModel.ts';
import { TaskSet } from '../../threads/taskSet.ts';
import type { FileGrants } from '../grants/fileGrants.ts';

/** How long `close` waits for a thread. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Models that training can start from: the models folder, and projects from model files and runs. */
export class ModelService {
  private readonly folders: ModelFolders;
  private readonly weightsFolder: string;
  private readonly grants: FileGrants;
  private readonly folderOf: (runId: string) => string;
  private readonly tell: (event: LabEvent) => void;
  private readonly active = new TaskSet<ModelResult>();

  /** `shipped`: folder of the models that come with NormLab. `folderOf` returns the folder of an existing run. */
  constructor(
    home: LabHome,
    shipped: string | null,
    grants: FileGrants,
    folderOf: (runId: string) => string,
    tell: (event: LabEvent) => void,
  ) {
    this.folders = { own: home.models, shipped };
    this.weightsFolder = home.weights;
    this.grants = grants;
    this.folderOf = folderOf;
    this.tell = tell;
  }

  list(): StoredModelRow[] {
    return listModels(this.folders).map(rowOf);
  }

  /** Throws as `addModel` does. */
  async add({ file, importId, ...rest }: LabParams<'model.add'>): Promise<StoredModelRow> {
    const path = this.grants.resolve(file, 'model', 'read');
    const { weightsFolder } = this;
    const modelsFolder = this.folders.own;
    const task = { task: 'add', ...rest, file: path, modelsFolder, weightsFolder } as const;
    return rowOf((await this.run(importId, task)).stored);
  }

  /** Throws `AppError('model-invalid')` for an unknown name and for a model that came with the installation. */
  async remove({ name }: LabParams<'model.remove'>): Promise<void> {
    await removeModel(this.stored(name));
  }

  /** Throws `AppError('model-invalid')` for an unknown name. */
  licence({ name }: LabParams<'model.licence'>): LabResult<'model.licence'> {
    const stored = this.stored(name);
    return { name: stored.record.name, licence: stored.record.licence, text: licenceTextOf(stored) };
  }

  /** Throws as `inspectModel` does. */
  async inspect({
    from,
    importId,
    architecture,
  }: LabParams<'model.inspect'>): Promise<LabResult<'model.inspect'>> {
    const { weightsFolder } = this;
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
    const rest = { architecture, partial, weightsFolder: this.weightsFolder };
    const { project, report } = await this.run(importId, {
      task: 'import',
      from: this.pathOf(from),
      ...rest,
    });
    return { project, report };
  }

  /** Throws as `compareModel` does. */
  async compare({ a, b, importId }: LabParams<'model.compare'>): Promise<LabResult<'model.compare'>> {
    const { weightsFolder } = this;
    const task = { task: 'compare', a: this.toCompare(a), b: this.toCompare(b), weightsFolder } as const;
    return (await this.run(importId, task)).comparison;
  }

  cancel(importId: string): void {
    this.active.cancel(importId);
  }

  close(): Promise<void> {
    return this.active.close(CLOSE_TIMEOUT_MS);
  }

  private async run<T extends ModelTask>(importId: string, task: T): Promise<ResultOf<T['task']>> {
    if (this.active.has(importId)) throw new AppError('arguments', message('importing.underWay'));
    const handle = startModelTask(task, (progress) =>
      this.tell({ event: 'modelProgress', importId, progress }),
    );
    const result = await this.active.run(importId, handle);
    if (!isOf(task, result)) throw new InvariantError(`result of another task: ${result.task}`);
    return result;
  }

  private toCompare(source: ComparedSource): ModelToCompare {
    if (source.kind === 'project') return { kind: 'project', name: source.name, project: source.project };
    return { kind: 'path', path: this.pathOf(source) };
  }

  private pathOf(from: ModelSource): string {
    switch (from.kind) {
      case 'file':
        return this.grants.resolveOneOf(from.file, ['model', 'project'], 'read');
      case 'run':
        return runWeightsPath(this.folderOf(from.runId), from.checkpoint ?? 'last');
      case 'model':
        return this.stored(from.name).path;
    }
  }

  private stored(name: string): StoredModel {
    const found = findModel(this.folders, name);
    if (found !== null) return found;
    throw new AppError('model-invalid', message('importing.modelGone', { name }), { where: name });
  }
}

function rowOf({ record, isShipped }: StoredModel): StoredModelRow {
  const { name, architecture, modelFormat: format, outputs, bytes } = record;
  const { sha256, source, licence, addedAt, licenceFile } = record;
  return {
    ...{ name, architecture, format, outputs, bytes, sha256, source, licence, addedAt },
    ...{ hasLicenceText: licenceFile !== undefined, isRemovable: !isShipped },
  };
}

function isOf<T extends ModelTask>(task: T, result: ModelResult): result is ResultOf<T['task']> {
  return result.task === task.task;
}
