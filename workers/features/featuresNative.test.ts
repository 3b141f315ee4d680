import { expect, it } from 'vitest';
import { compile } from '#core/compile/compile.ts';
import { findCut } from '#core/compile/findCut.ts';
import { openExperiment, PLAIN_SGD } from '#core/conformance/experiment.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { Program } from '#core/program/program.ts';
import { partsOf } from '#core/rewrites/trunk.ts';
import { setFrozen } from '#core/rewrites/whatTrains.ts';
import { instantiateTemplate, templatesOf } from '#core/templates/templates.ts';
import { IDLE_SCALARS } from '#core/training/evaluate.ts';
import { elementCount } from '#core/program/shape.ts';
import { openStream } from '#core/training/random.ts';
import { createNativeBackend } from '../native/nativeBackend.ts';
import { requireAddon } from '../native/testing/programs.ts';

const BATCH = 9;
const backend = createNativeBackend(requireAddon());

type InputShape = readonly [number, number, number];

/** The small templates at their own size, and photo networks with unusual blocks at a small one. */
const NETWORKS: readonly { readonly name: string; readonly inputShape?: InputShape }[] = [
  ...templatesOf('small').map(({ name }) => ({ name })),
  ...['mobilenet-v2', 'efficientnet-lite0'].map((name) => ({ name, inputShape: [3, 64, 64] as const })),
];

/** Programs of a template with a frozen trunk: the whole network and its two parts. */
function programsOf(name: string, inputShape?: InputShape) {
  const { graph: plain } = instantiateTemplate(name, inputShape === undefined ? {} : { inputShape });
  const frozen = setFrozen(plain, partsOf(plain).trunk, true);
  const graph = must(checkGraph(frozen).graph, name);
  const channels = graph.inputShape[0] ?? 0;
  const input = {
    type: 'u8',
    mean: Array<number>(channels).fill(120),
    deviation: Array<number>(channels).fill(60),
  } as const;
  const options = { input, optimizer: PLAIN_SGD, labelSmoothing: 0 };
  const cut = must(findCut(graph, options), `cut of ${name}`);
  return (mode: Program['mode'], of?: 'prefix' | 'suffix'): Program =>
    compile(graph, { ...options, mode, ...(of === undefined ? {} : { part: { of, cut } }) });
}

/**
 * The kernels of a convolution differ between training and evaluation: each part has to use those of the whole network
 * in the same mode, whatever the batch in which the features are computed.
 */
it.each(NETWORKS)('features of $name give the bits of the whole network', ({ name, inputShape }) => {
  const program = programsOf(name, inputShape);
  for (const threads of [1, 2]) {
    for (const mode of ['train', 'evaluate'] as const) {
      const [whole, prefix, suffix] = [program(mode), program(mode, 'prefix'), program(mode, 'suffix')];
      const session = openExperiment(backend, 'f32', whole, { threads });
      const perImage = elementCount(whole.inputShape);
      const random = openStream(1, 'images');
      const images = Uint8Array.from({ length: BATCH * perImage }, () => random.below(256));
      const labels = Int32Array.from({ length: BATCH }, (_, at) => at % whole.classes);
      const features = new Float32Array(BATCH * prefix.logitCount);
      const few = session.prepare(prefix, 3);
      for (let first = 0; first < BATCH; first += 3) {
        const batch = images.subarray(first * perImage, (first + 3) * perImage);
        few.run({ images: batch, labels: labels.subarray(first, first + 3) }, IDLE_SCALARS);
        features.set(few.logits, first * prefix.logitCount);
      }
      few.release();
      const [one, other] = [session.prepare(whole, BATCH), session.prepare(suffix, BATCH)];
      one.run({ images, labels }, IDLE_SCALARS);
      other.run({ images: features, labels }, IDLE_SCALARS);
      const where = `${mode}, ${threads} threads`;
      expect(isSame(other.logits, one.logits), where).toBe(true);
      expect(isSame(other.gradients, one.gradients), where).toBe(true);
      expect(other.loss()).toBe(one.loss());
      session.close();
    }
  }
});

/** Whether two arrays have the same bits. */
function isSame(one: ArrayBufferView, other: ArrayBufferView): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
    Buffer.from(buffer, byteOffset, byteLength);
  return bytes(one).equals(bytes(other));
}
