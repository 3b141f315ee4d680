import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';

/** A point in a chart, as shares of its width and height. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** The charts of the Train panel, their legend and the list of runs beside them. */
export class ChartsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async tick(runId: string): Promise<void> {
    await this.page.getByTestId(dockTestIds.runListItem(runId)).check();
  }

  async untick(runId: string): Promise<void> {
    await this.page.getByTestId(dockTestIds.runListItem(runId)).uncheck();
  }

  legend(): Locator {
    return this.page.getByTestId(dockTestIds.runLegend);
  }

  legendItems(): Locator {
    return this.legend().locator('li');
  }

  /** The colour of each run in the legend, by the run's name. */
  async colors(): Promise<Map<string, string>> {
    const found = await this.legendItems().evaluateAll((items) =>
      items.map((item) => {
        const swatch = item.querySelector('i');
        return [
          item.querySelector('.name')?.getAttribute('title') ?? '',
          swatch === null ? '' : getComputedStyle(swatch).backgroundColor,
        ] as const;
      }),
    );
    return new Map(found);
  }

  reading(metric: string): Locator {
    return this.page.getByTestId(dockTestIds.chartReading(metric));
  }

  /** Moves the pointer into a chart, to a share of the plot's width. */
  async hover(metric: string, share: number): Promise<void> {
    const at = await this.pointOf(metric, { x: share, y: 0.5 });
    await this.page.mouse.move(at.x, at.y);
    await expect(this.reading(metric)).toBeVisible();
  }

  async leave(): Promise<void> {
    await this.page.mouse.move(5, 5);
  }

  async drag(metric: string, from: Place, to: Place): Promise<void> {
    const [start, end] = [await this.pointOf(metric, from), await this.pointOf(metric, to)];
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x, end.y, { steps: 4 });
    await this.page.mouse.up();
  }

  /** The image on a chart's canvas. */
  picture(metric: string): Promise<string> {
    return this.canvas(metric).evaluate((element: HTMLCanvasElement) => element.toDataURL());
  }

  /** The chart as an image, once two consecutive ones are equal. */
  async settledImage(metric: string): Promise<string> {
    let last = '';
    await expect
      .poll(async () => {
        const former = last;
        last = await this.picture(metric);
        return last === former;
      })
      .toBe(true);
    return last;
  }

  /** Saves a chart; returns the file's name and its size in pixels, read from its header. */
  async savePng(metric: string): Promise<{ name: string; width: number; height: number }> {
    const download = this.page.waitForEvent('download');
    await this.page.getByTestId(dockTestIds.savePng(metric)).click();
    const file = await download;
    const bytes = readFileSync(await file.path());
    return { name: file.suggestedFilename(), width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }

  private canvas(metric: string): Locator {
    return this.page.getByTestId(dockTestIds.chart(metric)).locator('canvas');
  }

  private async pointOf(metric: string, { x, y }: Place): Promise<Place> {
    const box = await this.canvas(metric).boundingBox();
    if (box === null) throw new Error(`the chart of ${metric} is not visible`);
    return { x: box.x + box.width * x, y: box.y + box.height * y };
  }
}
