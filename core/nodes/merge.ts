import { STATELESS } from './defineNode.ts';
import type { ParamsOf } from './paramSpec.ts';
import { message } from '../words/message.ts';

/** The number of inputs of Add, Multiply and Concat. */
const MERGE_PARAMS = {
  inputs: {
    type: 'int',
    default: 2,
    min: 2,
    max: 8,
    label: 'Inputs',
    help: 'Number of input ports, 2 to 8. Default 2.',
  },
} as const;
type MergeParams = ParamsOf<typeof MERGE_PARAMS>;

/** `in1`, `in2`, …; at most the allowed maximum, whatever an unchecked file contains. */
function mergePorts({ inputs }: MergeParams): readonly string[] {
  return Array.from({ length: Math.min(inputs, MERGE_PARAMS.inputs.max) }, (_, index) => `in${index + 1}`);
}

/** The common parts of Add, Multiply and Concat. */
export const MERGE = {
  ...STATELESS,
  family: 'merge',
  params: MERGE_PARAMS,
  inputPorts: mergePorts,
  summary: ({ inputs }: MergeParams) => [message('summary.inputs', { inputs })],
} as const;
