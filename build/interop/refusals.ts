import { planCaffe } from '#core/export/caffe/caffePlan.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import { writeNetwork } from '#core/export/keras/writeNetwork.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import type { Message } from '#core/words/message.ts';

/** The formats that cannot express every network. */
export const REFUSING_FORMATS = ['caffe', 'keras'] as const satisfies readonly ExportFormat[];

/** What `format` cannot express of a network; empty where it is written. */
export function refusalsOf(format: ExportFormat, graph: ShapedGraph): readonly Message[] {
  switch (format) {
    case 'caffe':
      return planCaffe(graph).refusals;
    case 'keras':
      return writeNetwork(graph).refusals;
    case 'npz':
    case 'onnx':
    case 'pytorch':
    case 'safetensors':
      return [];
  }
}
