import { nameOf, paramOf } from '../nodes/terms.ts';
import { message, type Message } from '../words/message.ts';
import type { ValidNode } from './shapedGraph.ts';

/** The title of a quick fix that sets a parameter of a block. */
export function setParamOf(node: ValidNode, param: string, value: number): Message {
  return message('graph.setParamOf', {
    param: paramOf(node.definition.kind, param),
    block: nameOf(node),
    value,
  });
}
