import type { GraphDocument } from '../../../document/schema.ts';
import type { ShapedGraph } from '../../../graph/shapedGraph.ts';
import { message, type Message } from '../../../words/message.ts';

/** Where an ONNX file that prepares images gives other bytes than NormLab does for the same image file. */
export function preprocessingNotes(
  { inputShape: [channels] }: ShapedGraph,
  { data }: GraphDocument,
): readonly Message[] {
  return [
    ...(data.resize === 'crop' ? [] : [message('exporting.decodesWhole')]),
    ...(channels === 1 ? [message('exporting.greyFirst')] : []),
  ];
}
