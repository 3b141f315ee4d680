import type { Brand } from '../diagnostics/brand.ts';
import { isNodeId, type NodeId } from '../diagnostics/ids.ts';

/** One port of one block, written `node.port`: the form of wires in the project file. */
export type Endpoint = Brand<string, 'Endpoint'>;

const PORT_PATTERN = /^[a-z][A-Za-z0-9]{0,31}$/;

export function endpoint(node: NodeId, port: string): Endpoint {
  if (!PORT_PATTERN.test(port)) throw new RangeError(`not a port name: ${JSON.stringify(port)}`);
  return `${node}.${port}` as Endpoint;
}

/** True for `node.port` with a well-formed block id and port name; validation checks whether they exist. */
export function isEndpoint(text: string): text is Endpoint {
  const dot = text.indexOf('.');
  return dot > 0 && isNodeId(text.slice(0, dot)) && PORT_PATTERN.test(text.slice(dot + 1));
}

/** Splits `node.port`. */
export function splitEndpoint(at: Endpoint): { node: NodeId; port: string } {
  const dot = at.indexOf('.');
  return { node: at.slice(0, dot) as NodeId, port: at.slice(dot + 1) };
}
