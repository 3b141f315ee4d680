import { must } from '../../diagnostics/invariantError.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { ShapedNode } from '../../graph/shapedGraph.ts';
import { writtenFiles } from '../bundle/bundleFiles.ts';
import type { WrittenBundle } from '../bundle/writtenBundle.ts';
import { frozenWeights, type ExportOptions, type WeightTensor } from '../frozenWeights.ts';
import { METADATA_KEYS } from '../metadata.ts';
import { encodeSafetensors } from '../safetensors.ts';
import { sourceText } from '../sourceLine.ts';
import type { TrainedModel } from '../trainedModel.ts';
import { encodeUtf8 } from '../utf8.ts';
import { idsOf, moduleNames } from './moduleNames.ts';
import { modelSource } from './modelSource.ts';
import { orderBlocks } from './orderBlocks.ts';
import { PREDICT_SOURCE, REQUIREMENTS } from './predictSource.ts';
import { encodeStateDict } from './stateDict.ts';

/**
 * A folder for PyTorch: the network as source text, its state dict twice (safetensors and `torch.save`), and a script
 * that classifies images. Throws `AppError`: 'run-has-no-weights' without statistics to freeze, 'diverged' when a value
 * is not finite, 'arguments' from 4 GiB on.
 */
export function exportPytorch(model: TrainedModel, options: ExportOptions): WrittenBundle {
  const { tensors, metadata, written } = frozenWeights(model, options);
  const order = orderBlocks(written.graph);
  const names = moduleNames(idsOf(written.graph));
  const renamed = inOrder(tensors, order, names);
  const owners = new Set(tensors.map(({ name }) => blockOf(name)));
  const modules = Object.fromEntries([...names].filter(([id]) => owners.has(id)));
  const header = { format: 'pt', ...metadata, [METADATA_KEYS.modules]: JSON.stringify(modules) };
  const files = writtenFiles('pytorch', {
    'model.py': encodeUtf8(sourceText(modelSource(written.document.name, written.graph))),
    'model.safetensors': encodeSafetensors(renamed, header, { finiteOnly: true }),
    'state_dict.pt': encodeStateDict(renamed),
    'predict.py': encodeUtf8(PREDICT_SOURCE),
    'requirements.txt': encodeUtf8(REQUIREMENTS),
  });
  return { files, metadata, modules };
}

function blockOf(tensor: string): string {
  return tensor.slice(0, tensor.indexOf('.'));
}

/** The fields of a module in the order of PyTorch's state dicts. */
const FIELD_ORDER = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];

/** The tensors under the names of the modules, in the order in which `model.py` makes them. */
function inOrder(
  tensors: readonly WeightTensor[],
  order: readonly ShapedNode[],
  names: ReadonlyMap<NodeId, string>,
): WeightTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return order.flatMap(({ id }) =>
    FIELD_ORDER.flatMap((field) => {
      const tensor = byName.get(`${id}.${field}`);
      return tensor === undefined
        ? []
        : [{ ...tensor, name: `${must(names.get(id), `the name of ${id}`)}.${field}` }];
    }),
  );
}
