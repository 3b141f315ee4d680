import type { GraphDocument } from '../../document/schema.ts';
import type { Architecture, NamingKey, Style } from '../../templates/photo/architecture.ts';
import { ARCHITECTURES } from '../../templates/photo/architectures.ts';
import { instantiateTemplate } from '../../templates/templates.ts';
import { expectedTensors, fitsSlot } from './expectedTensors.ts';
import {
  namedArchitecture,
  preprocessingOf,
  TIMM_TENSORFLOW,
  type PublishedPreprocessing,
} from './published.ts';

/** One way in which the tensors of an architecture are called. */
interface Naming {
  readonly name: 'torchvision' | 'timm' | 'efficientnet_lite_pytorch';
  /** Slot by the name of its tensor in the state dict; `num_batches_tracked` is not in it. */
  readonly slots: ReadonlyMap<string, string>;
}

export interface Recognized {
  /** The name of the template. */
  readonly architecture: string;
  readonly naming: Naming;
  /** Outputs of the head; those of ImageNet where the state dict has no head. */
  readonly classes: number;
  /**
   * The template at its default size with that many classes, and the epsilon, decay and padding that belong to the
   * naming. Preprocessing is left to the caller.
   */
  readonly document: GraphDocument;
  readonly preprocessing: PublishedPreprocessing;
}

/** Name and dims of a tensor of a state dict. */
interface NamedDims {
  readonly name: string;
  readonly dims: readonly number[];
}

const IMAGENET_CLASSES = 1000;
const MOST_CLASSES = 65_536;

/** Share of an architecture's tensors before the head that must be there with their shapes. */
const LEAST_SHARE = 0.8;
/** Tensors of unknown names, as a share of those of the architecture: a deeper variant of it has more. */
const MOST_UNKNOWN = 0.2;

/**
 * The architecture that a state dict belongs to, by the names and shapes of its tensors; null where none fits. The head
 * may be missing, replaced or of any number of classes, and up to a fifth of the other tensors may be missing. With
 * `architecture`, the name of a template or of the model in torchvision or timm, it is that one or none, and any number
 * of further tensors may be there. The names of tensors do not tell timm's `tf_` variants from its own: a caller that
 * knows of one has to say so in this way.
 */
export function recognizeArchitecture(
  tensors: readonly NamedDims[],
  options: { readonly architecture?: string | undefined } = {},
): Recognized | null {
  const given = new Map(tensors.map(({ name, dims }) => [name, dims]));
  const wanted = options.architecture === undefined ? null : namedArchitecture(options.architecture);
  const compared = ARCHITECTURES.filter(({ name }) => wanted === null || wanted.name === name).flatMap(
    (architecture) => architecture.styles.map(([key, style]) => compare(given, architecture, key, style)),
  );
  const best = closest(
    compared.filter(
      ({ share, unknown }) => share >= LEAST_SHARE && (wanted !== null || unknown <= MOST_UNKNOWN),
    ),
  );
  return best && describe(best, wanted?.fromTensorFlow === true && best.key === 'timm');
}

/** The first of several equal ones: torchvision's naming before timm's where they are the same. */
function closest(fitting: readonly Comparison[]): Comparison | null {
  const valueOf = ({ share, unknown }: Comparison): number => share - unknown;
  return fitting.reduce<Comparison | null>(
    (best, one) => (best && valueOf(best) >= valueOf(one) ? best : one),
    null,
  );
}

interface Comparison {
  readonly architecture: Architecture;
  readonly key: NamingKey;
  readonly style: Style;
  readonly expected: ReturnType<typeof expectedTensors>;
  /** Outputs of the head in the state dict. */
  readonly classes: number | null;
  /** Tensors before the head that are there with their shapes, and tensors of other names; shares of the expected. */
  readonly share: number;
  readonly unknown: number;
}

type Given = ReadonlyMap<string, readonly number[]>;

function compare(given: Given, architecture: Architecture, key: NamingKey, style: Style): Comparison {
  const expected = expectedTensors(architecture, key);
  const trunk = [...expected].filter(([, { isHead }]) => !isHead);
  const matched = trunk.filter(([name, { dims }]) => {
    const found = given.get(name);
    return found !== undefined && fitsSlot(found, dims);
  });
  const unknown = [...given.keys()].filter(
    (name) => !expected.has(name) && !name.endsWith('.num_batches_tracked'),
  );
  return {
    ...{ architecture, key, style, expected, classes: classesOf(given, expected) },
    ...{ share: matched.length / trunk.length, unknown: unknown.length / trunk.length },
  };
}

/** Outputs of a head that takes the features of the architecture; null without one. */
function classesOf(given: Given, expected: Comparison['expected']): number | null {
  for (const [name, { dims, isHead }] of expected) {
    const found = given.get(name);
    const classes = found?.[0];
    if (!isHead || found === undefined || classes === undefined) continue;
    if (classes < 1 || classes > MOST_CLASSES || !fitsSlot(found, [classes, ...dims.slice(1)])) continue;
    return classes;
  }
  return null;
}

const PUBLIC_NAMES: Readonly<Record<NamingKey, Naming['name']>> = {
  torchvision: 'torchvision',
  torchvisionFile: 'torchvision',
  timm: 'timm',
  efficientnet_lite_pytorch: 'efficientnet_lite_pytorch',
};

function describe(found: Comparison, fromTensorFlow: boolean): Recognized {
  const { architecture, key, expected } = found;
  const style = fromTensorFlow ? TIMM_TENSORFLOW : found.style;
  const classes = found.classes ?? IMAGENET_CLASSES;
  const document = instantiateTemplate(architecture.name, { classes });
  const { graph } = architecture.build({ inputShape: [3, 224, 224], classes }, style);
  const slots = new Map([...expected].map(([name, { slot }]) => [name, slot]));
  return {
    architecture: architecture.name,
    classes,
    preprocessing: preprocessingOf(architecture.name, key, fromTensorFlow),
    naming: { name: PUBLIC_NAMES[key], slots },
    document: { ...document, graph },
  };
}
