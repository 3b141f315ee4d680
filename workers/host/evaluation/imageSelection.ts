import type { ImageQuery } from '#core/contract/evaluationCalls.ts';
import { firstImages, type ImageOrder } from '#core/evaluation/imageOrders.ts';
import type { ImageScores } from '#core/evaluation/imageScores.ts';

/** Chooses images of an evaluation. Each order and the last choice are remembered: scrolling asks page after page. */
export class ImageSelection {
  private readonly scores: ImageScores;
  private readonly files: readonly string[];
  private readonly orders = new Map<ImageOrder, Uint32Array>();
  private lastKey = '';
  private last: Uint32Array = new Uint32Array();

  constructor(scores: ImageScores, files: readonly string[]) {
    this.scores = scores;
    this.files = files;
  }

  /** The numbers of the images that a query matches, in its order. */
  find(query: ImageQuery): Uint32Array {
    const key = JSON.stringify([query.order, query.truth, query.decided, query.text]);
    if (key !== this.lastKey) {
      this.last = this.inOrder(query.order).filter(this.matcher(query));
      this.lastKey = key;
    }
    return this.last;
  }

  private inOrder(order: ImageOrder): Uint32Array {
    const found = this.orders.get(order) ?? firstImages(this.scores, order);
    this.orders.set(order, found);
    return found;
  }

  private matcher({ truth, decided, text }: ImageQuery): (image: number) => boolean {
    const { scores, files } = this;
    const sought = text?.toLowerCase() ?? '';
    return (image) =>
      (truth === null || scores.labels[image] === truth) &&
      (decided === null || scores.decided[image] === decided) &&
      (sought === '' || (files[image] ?? '').toLowerCase().includes(sought));
  }
}
