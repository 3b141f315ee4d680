import type { LabMethod } from '#core/contract/labApi.ts';
import { tinyProject } from './hostFolder.ts';

const project = tinyProject();

/** The worst export that a page can ask for. */
export const EXPORT_REQUEST = {
  ...{ runId: 'some-run', exportId: 'e', format: 'onnx', foldBatchNorm: false },
  /** The worst requests that a page can send. */
  overwrite: true,
};

type Kind = 'folder' | 'project' | 'model' | 'image';
interface GrantParam {
  /** Place in the parameters. */
  readonly at: string;
  readonly kind: Kind;
  readonly params: (grant: string, good: Readonly<Record<Kind, string>>) => object;
}

const VIEW = {
  edits: { excluded: [], relabelled: {} },
  crossValidation: null,
  validationFraction: null,
  seed: 1,
};
const FILTER = { classes: null, side: 'all', text: '' };
const SIZE = { height: 8, width: 8, channels: 1, resize: 'stretch' };

const COMPARED = { project, epochs: 1, runs: [{ policy: 'all', name: 'n' }] };

const CLUSTER = { project, writeId: 'w', nodes: 1, gpusPerNode: 1, name: 'n', overwrite: false };

const EVALUATION = { runId: 'r', id: '0123456789abcdef' };

function folderParam(rest: object, at = 'folder'): GrantParam {
  return { at, kind: 'folder', params: (grant) => ({ ...rest, [at]: grant }) };
}

function modelParam(rest: object): GrantParam {
  const asked = { importId: 'i', architecture: null, ...rest };
  return { at: 'from.file', kind: 'model', params: (file) => ({ ...asked, from: { kind: 'file', file } }) };
}

function comparedParam(side: string, other: string): GrantParam {
  const rest = { [other]: { kind: 'project', project, name: 'n' }, importId: 'i' };
  return {
    at: `${side}.file`,
    kind: 'model',
    params: (file) => ({ ...rest, [side]: { kind: 'file', file } }),
  };
}

/**
 * Every grant that every method takes, and its required kind. A new method does not compile without a row here, and a
 * grant that no row names fails the test below.
 */
export const GRANT_PARAMS: { readonly [M in LabMethod]: readonly GrantParam[] } = {
  'lab.describe': [],
  'files.list': [folderParam({})],
  'files.grant': [],
  'project.open': [{ at: 'file', kind: 'project', params: (file) => ({ file }) }],
  'project.save': [
    { at: 'target.file', kind: 'project', params: (file) => ({ project, target: { file } }) },
    { at: 'target.folder', kind: 'folder', params: (at) => ({ project, target: { folder: at, name: 'n' } }) },
  ],
  // A recovery copy whose file is not known is kept without it: it must not become a grant of that file.
  'project.keepRecovery': [],
  'project.dropRecovery': [],
  'project.recoveries': [],
  'project.recent': [],
  'data.scan': [folderParam({ scanId: 's' })],
  'data.cancelScan': [],
  'data.parts': [folderParam({})],
  'data.tableHeader': [folderParam({})],
  'data.thumbnails': [folderParam({ className: 'a', count: 1, sizePx: 16 })],
  'data.samples': [folderParam({ view: VIEW, which: { by: 'image', numbers: [0] }, ...SIZE })],
  'data.images': [folderParam({ view: VIEW, filter: FILTER, from: 0, count: 1 })],
  'data.trainingClasses': [folderParam({ view: VIEW })],
  'data.drawFiles': [folderParam({ files: [], sizePx: 16 })],
  'run.plan': [
    folderParam({ project, validation: null }, 'train'),
    {
      at: 'validation',
      kind: 'folder',
      params: (validation, good) => ({ project, train: good.folder, validation }),
    },
  ],
  'run.start': [
    folderParam({ project, name: 'n', validation: null }, 'train'),
    {
      at: 'validation',
      kind: 'folder',
      params: (validation, good) => ({ project, name: 'n', train: good.folder, validation }),
    },
  ],
  'run.pause': [],
  'run.resume': [],
  'run.stop': [],
  'run.list': [],
  'run.details': [],
  'run.describe': [],
  'run.delete': [],
  'run.metrics': [],
  'run.statistics': [],
  'run.recalibrate': [],
  'run.cancelRecalibration': [],
  'run.undoRecalibration': [],
  'run.export': [folderParam({ ...EXPORT_REQUEST, name: 'n' })],
  'run.exportDifferences': [],
  'run.normPreview': [],
  'run.measureFold': [],
  'run.cancelExport': [],
  'model.list': [],
  'model.add': [
    {
      at: 'file',
      kind: 'model',
      params: (file) => ({ file, importId: 'i', name: null, source: null, licence: null }),
    },
  ],
  'model.remove': [],
  'model.licence': [],
  'model.inspect': [modelParam({})],
  'model.import': [modelParam({ partial: false })],
  'model.compare': [comparedParam('a', 'b'), comparedParam('b', 'a')],
  'model.cancel': [],
  'cluster.write': ['train', 'validation', 'folder'].map((at) => ({
    ...{ at, kind: 'folder' },
    params: (grant, { folder }) => ({ ...CLUSTER, train: folder, validation: null, folder, [at]: grant }),
  })),
  'cluster.cancel': [],
  'policies.start': [
    folderParam({ ...COMPARED, validation: null }, 'train'),
    {
      at: 'validation',
      kind: 'folder',
      params: (validation, good) => ({ ...COMPARED, train: good.folder, validation }),
    },
  ],
  'policies.state': [],
  'policies.cancel': [],
  'remote.follow': [folderParam({})],
  'remote.unfollow': [],
  'remote.import': [],
  'evaluation.start': [
    {
      at: 'images.folder',
      kind: 'folder',
      params: (folder) => ({
        ...{ taskId: 't', runId: 'r', statistics: 'stored' },
        images: { kind: 'folder', folder, part: null },
      }),
    },
  ],
  'evaluation.cancel': [],
  'evaluation.list': [],
  'evaluation.open': [],
  'evaluation.remove': [],
  'evaluation.images': [],
  'evaluation.pictures': [],
  'evaluation.write': [
    folderParam({
      ...{ taskId: 't', ...EVALUATION, what: 'report', language: 'en', name: 'n', overwrite: true },
    }),
  ],
  'doubt.sources': [],
  'doubt.suspects': [],
  'doubt.duplicates': [],
  'doubt.forgotten': [],
  'doubt.copies': [],
  'doubt.cancel': [],
  'picture.open': [],
  'picture.close': [],
  'picture.show': [
    {
      at: 'picture.file',
      kind: 'image',
      params: (file) => ({ sessionId: 's', picture: { kind: 'file', file } }),
    },
  ],
  'picture.classify': [],
  'picture.map': [],
  'picture.occlude': [],
  'picture.features': [],
  'picture.filters': [],
  'picture.classifyFolder': ['images', 'folder'].map((at) => ({
    ...{ at, kind: 'folder' },
    params: (grant, good) => ({
      ...{ taskId: 't', runId: 'r', images: good.folder, folder: good.folder, name: 'n', topK: 1 },
      ...{ overwrite: true, [at]: grant },
    }),
  })),
  'picture.cancel': [],
  'pair.compare': [
    {
      at: 'images.folder',
      kind: 'folder',
      params: (folder) => ({
        ...{ taskId: 't', first: { runId: 'some-run' }, second: { runId: 'other-run' } },
        images: { kind: 'folder', folder, part: null },
      }),
    },
  ],
  'pair.cancel': [],
  'pair.open': [],
  'pair.images': [],
  'pair.write': [
    folderParam({
      ...{ taskId: 't', first: EVALUATION, second: EVALUATION, what: 'report', language: 'en' },
      ...{ name: 'n', overwrite: true },
    }),
  ],
};
