import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '#core/backend/backend.ts';
import { compile } from '#core/compile/compile.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { defaultTrainingSettings } from '#core/document/trainingSettings.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { expectedTensors } from '#core/import/architectures/expectedTensors.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import type { Architecture, NamingKey, Style } from '#core/templates/photo/architecture.ts';
import { ARCHITECTURES } from '#core/templates/photo/architectures.ts';

/** Few, so that the files of logits are small; the head is compared with any number. */
const CLASSES = 20;
/** Mean and deviation in byte units, red first: torchvision's times 255. */
const IMAGES = { mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] } as const;

/** `[height, width, images]`. */
type Size = readonly [number, number, number];
const PUBLISHED: Size = [224, 224, 2];
/** Neither square nor the published size; every stride divides it. */
const OTHER: Size = [96, 128, 1];

interface ArchitectureCase {
  readonly architecture: Architecture;
  readonly key: NamingKey;
  readonly style: Style;
  readonly size: Size;
}

/** Every architecture at both sizes under the naming of its template, and at the small one under the others. */
function cases(): readonly ArchitectureCase[] {
  return ARCHITECTURES.flatMap((architecture) =>
    architecture.styles.flatMap(([key, style], index) =>
      (index === 0 ? [publishedSize(architecture), OTHER] : [OTHER]).map((size) => {
        return { architecture, key, style, size };
      }),
    ),
  );
}

/** VGG-16 takes as long as all others together. */
function publishedSize({ name }: Architecture): Size {
  return name === 'vgg16-bn' ? [224, 224, 1] : PUBLISHED;
}

/**
 * Writes a folder for each architecture, naming and size: which tensors its state dict has, images, and the logits that
 * `backend` computes in float32. The weights are not written: both sides draw them from the tensors' names. Returns the
 * number of folders.
 */
export function writeArchitectures(folder: string, backend: Backend): number {
  const all = cases();
  for (const one of all) writeCase(folder, one, backend);
  return all.length;
}

function writeCase(folder: string, one: ArchitectureCase, backend: Backend): void {
  const { architecture, key, style, size } = one;
  const [height, width, count] = size;
  const target = join(folder, `${architecture.name}--${key}--${height}x${width}`);
  const bytes = new Uint8Array(count * height * width * 3);
  draw(`images ${height} ${width}`, bytes, [0, 256]);
  const { graph } = architecture.build({ inputShape: [3, height, width], classes: CLASSES }, style);
  const program = compile(must(checkGraph(graph).graph, architecture.name), {
    mode: 'evaluate',
    input: { type: 'u8', ...IMAGES },
    optimizer: optimizerPlanOf({
      ...defaultTrainingSettings(),
      optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
    }),
    labelSmoothing: 0,
  });
  const session = backend.open(program.state, { threads: 2, precision: 'f32' });
  try {
    const tensors = fillState(session.state, program.state, one);
    const prepared = session.prepare(program, count);
    prepared.run({ images: bytes }, { learningRate: 0, step: 1, randomKey: 0 });
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'images.u8'), bytes);
    writeFileSync(join(target, 'logits.f64'), Float64Array.from(prepared.logits));
    const facts = { architecture: architecture.name, naming: key, classes: CLASSES, ...style, ...IMAGES };
    const described = { ...facts, count, height, width, tensors };
    writeFileSync(join(target, 'case.json'), JSON.stringify(described, null, 1));
  } finally {
    session.close();
  }
}

/** Puts values into every slot, drawn by the name of its tensor; returns the dims of every tensor. */
function fillState(
  state: FloatArray,
  { parameters, statistics }: StateLayout,
  { architecture, key }: ArchitectureCase,
): Readonly<Record<string, readonly number[]>> {
  const slots = new Map([...parameters, ...statistics].map((slot) => [slot.name, slot]));
  const tensors: Record<string, readonly number[]> = {};
  for (const [name, { slot }] of expectedTensors(architecture, key)) {
    const { offset, size, dims } = must(slots.get(slot), slot);
    draw(name, state.subarray(offset, offset + size), rangeOf(name, dims));
    tensors[name] = dims;
  }
  return tensors;
}

/** Lowest and highest value of a tensor, the same in `check_architectures.py`; kernels have variance 1.5 / fan-in. */
function rangeOf(name: string, dims: readonly number[]): readonly [number, number] {
  if (name.endsWith('.running_var')) return [0.5, 1.5];
  if (dims.length === 1) return name.endsWith('.weight') ? [0.5, 1.5] : [-0.2, 0.2];
  const bound = Math.sqrt(4.5 / dims.slice(1).reduce((product, dim) => product * dim, 1));
  return [-bound, bound];
}

/** Fills `values` with uniform numbers of a range, by name and place (mulberry32 from the FNV-1a hash of the name). */
function draw(name: string, values: FloatArray | Uint8Array, [low, high]: readonly [number, number]): void {
  let hash = 0x811c_9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x0100_0193);
  for (let at = 0; at < values.length; at += 1) {
    const word = (hash + Math.imul(at + 1, 0x6d2b_79f5)) | 0;
    let mixed = Math.imul(word ^ (word >>> 15), word | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    values[at] = low + ((high - low) * ((mixed ^ (mixed >>> 14)) >>> 0)) / 2 ** 32;
  }
}
