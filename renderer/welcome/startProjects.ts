import { createDocument } from '#core/document/create.ts';
import type { DataSummary } from '#core/contract/dataSummary.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { applyCommand } from '#core/edit/applyCommand.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { PITCH } from '#core/layout/card.ts';
import { dropBiasBeforeBatchNorm } from '#core/rewrites/rewrites.ts';
import { withInputAndClasses } from '#core/rewrites/resizeInput.ts';
import { sampleProject } from '#core/templates/sampleNetwork.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { mismatchOf } from '../data/folders/inputMatch.ts';

/** The template for small grey images, and for all others. */
const SMALL_NETWORK = 'mnist-cnn-bn';
const IMAGE_NETWORK = 'vgg-bn';

/**
 * A project from a template, with a new id. The reference networks have biases before BatchNorm, which have no effect
 * there and would be reported as problems: a project for the screen has none.
 */
export function projectFromTemplate(template: string): GraphDocument {
  const made = instantiateTemplate(template);
  return { ...made, id: createDocument(made.name).id, graph: dropBiasBeforeBatchNorm(made.graph) };
}

/** A project with an Input and an Output that are not connected yet. */
export function emptyProject(name: string): GraphDocument {
  const kinds = ['input', 'output'] as const;
  return kinds.reduce((document, kind, row) => {
    const added = applyCommand(document, { type: 'addNode', kind, position: { x: 0, y: row * 2 * PITCH.y } });
    return added.ok ? added.document : document;
  }, createDocument(name));
}

/** A folder of images: its training part and its validation part. */
interface ImageFolderParts {
  readonly name: string;
  readonly train: { readonly path: string };
  readonly validation: { readonly path: string } | null;
}

/**
 * A project that fits a folder of images: a small network for grey images, a deeper one for colour, with matching
 * sizes.
 */
export function projectForFolder(folder: ImageFolderParts, summary: DataSummary): GraphDocument {
  const isGrey = summary.typical?.channels === 1;
  const wanted = isGrey ? SMALL_NETWORK : IMAGE_NETWORK;
  const fitted = [wanted, SMALL_NETWORK].map((template) => fit(projectFromTemplate(template), summary));
  const document = fitted.find((candidate) => checkGraph(candidate.graph).graph !== null) ?? fitted[0];
  const chosen = document ?? projectFromTemplate(SMALL_NETWORK);
  return onFolder({ ...chosen, name: folder.name.slice(0, 120) || chosen.name }, folder);
}

/** The number of epochs of the sample: it reaches 98 % of the test images. */
const SAMPLE_EPOCHS = 12;

/** The small network for the sample images of the installation, ready to train on them. */
export function projectForSample(folder: ImageFolderParts, summary: DataSummary): GraphDocument {
  const made = fit(sampleProject(), summary);
  return onFolder({ ...made, training: { ...made.training, epochs: SAMPLE_EPOCHS } }, folder);
}

/**
 * A project that starts from trained weights, on a folder of images: with as many outputs as the folder has classes.
 * The input stays as the weights expect it.
 */
export function projectOnWeights(
  project: GraphDocument,
  folder: ImageFolderParts,
  { classes }: DataSummary,
): GraphDocument {
  const fitted = classes.length < 2 ? project : withInputAndClasses(project, { classes: classes.length });
  return onFolder(fitted, folder);
}

function onFolder(document: GraphDocument, { train, validation }: ImageFolderParts): GraphDocument {
  const folders = { trainFolder: train.path, validationFolder: validation?.path ?? null };
  return { ...document, data: { ...document.data, ...folders } };
}

function fit(document: GraphDocument, summary: DataSummary): GraphDocument {
  const { graph } = checkGraph(document.graph);
  const mismatch = graph && mismatchOf(graph, summary);
  return mismatch ? withInputAndClasses(document, mismatch) : document;
}
