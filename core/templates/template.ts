import type { DataSettings } from '../document/dataSettings.ts';
import type { Graph, GraphDocument } from '../document/schema.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import type { InputShape, NetworkSize } from './networkSize.ts';

export interface TemplateTexts {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** `small`: for small images, trained from scratch. `photos`: with published weights, for images of about 224 × 224. */
export type TemplateGroup = 'small' | 'photos';

export interface Template extends TemplateTexts {
  readonly group: TemplateGroup;
  /** `[C, H, W]`; the default size. */
  readonly inputShape: InputShape;
  readonly training: Partial<TrainingSettings>;
  /**
   * Augmentation and resizing for the images it was tuned on; when absent, no augmentation and the default resizing.
   */
  readonly data?: Partial<DataSettings>;
  readonly network: (size: NetworkSize) => {
    readonly graph: Graph;
    readonly positions: GraphDocument['layout']['positions'];
  };
}
