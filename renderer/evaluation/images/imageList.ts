import type { Component } from 'vue';
import { IMAGE_ORDERS } from '#core/evaluation/imageOrders.ts';
import OrderedImages from './OrderedImages.vue';

/** A list of the images view. */
export interface ImageList {
  /** Also the key of its texts: `evaluatedImages.lists.<key>` and `evaluatedImages.listHelp.<key>`. */
  readonly key: string;
  /** Draws the list. Gets the evaluation as `shown`, a `ShownEvaluation`, and `props`. */
  readonly component: Component;
  readonly props?: Readonly<Record<string, unknown>>;
}

/** The lists that are an order of all images of the evaluation. */
export const ORDERED_LISTS: readonly ImageList[] = IMAGE_ORDERS.map((order) => ({
  key: order,
  component: OrderedImages,
  props: { order },
}));
