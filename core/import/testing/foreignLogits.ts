import type { Backend } from '../../backend/backend.ts';
import { compile } from '../../compile/compile.ts';
import { lossPlanOf } from '../../compile/lossPlan.ts';
import { optimizerPlanOf } from '../../compile/optimizerPlan.ts';
import { buildStateLayout } from '../../compile/stateLayout.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import type { ForeignNetwork } from '../foreignModel.ts';

/** `factor * input + offset` per channel; null where the network takes the input as it is. */
interface InputTransform {
  readonly factor: readonly number[];
  readonly offset: readonly number[];
}

/** Learning rate and step have no effect outside training. */
const IDLE_SCALARS = { learningRate: 0, step: 1, randomKey: 0 };

/**
 * Logits `[N, logits]` of a network of a model file for `input` `[N, C, H, W]` in the units of that file: its graph may
 * prepare the images itself. Throws an `Error` where a slot of the state has no value, or for an input of another size.
 */
export function foreignLogits(
  backend: Backend,
  network: ForeignNetwork & { readonly inputTransform?: InputTransform | null },
  input: Float32Array,
): Float64Array {
  const { document, values } = network;
  const graph = must(checkGraph(document.graph).graph, `a network without errors in ${document.name}`);
  const optimizer = optimizerPlanOf(document.training);
  const program = compile(graph, {
    ...{ mode: 'evaluate', input: { type: 'f32' }, optimizer, labelSmoothing: 0 },
    loss: lossPlanOf(document.training, null),
  });
  const layout = buildStateLayout(graph, optimizer);
  const precision = backend.precisions.includes('f64') ? 'f64' : 'f32';
  const session = backend.open(program.state, { threads: 1, precision });
  try {
    for (const { name, offset } of [...layout.parameters, ...layout.statistics]) {
      const value = values.get(name);
      if (value === undefined) throw new Error(`${document.name} has no value for ${name}`);
      session.state.set(value.read(), offset);
    }
    const [channels = 1, height = 1, width = 1] = graph.inputShape;
    const perSample = channels * height * width;
    const count = input.length / perSample;
    if (!Number.isInteger(count) || count === 0)
      throw new Error(`${input.length} numbers are no images of ${channels} x ${height} x ${width}`);
    const prepared = session.prepare(program, 1);
    const logits = new Float64Array(count * program.logitCount);
    for (let sample = 0; sample < count; sample += 1) {
      const image = input.slice(sample * perSample, (sample + 1) * perSample);
      const images = transformed(image, height * width, network.inputTransform ?? null);
      prepared.run({ images }, IDLE_SCALARS);
      logits.set(prepared.logits, sample * program.logitCount);
    }
    return logits;
  } finally {
    session.close();
  }
}

function transformed(image: Float32Array, area: number, transform: InputTransform | null): Float32Array {
  if (transform === null) return image;
  return image.map((value, index) => {
    const channel = Math.floor(index / area);
    return value * (transform.factor[channel] ?? NaN) + (transform.offset[channel] ?? NaN);
  });
}
