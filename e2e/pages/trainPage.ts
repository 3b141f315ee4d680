import { expect, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';

/** Start, pause and stop in the title bar, and the curves of the Train panel. */
export class TrainPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Trains, and waits until a trainer has started the run. */
  async start(): Promise<void> {
    await this.confirm();
    await this.expectRunning();
  }

  async expectRunning(): Promise<void> {
    await expect(this.page.getByTestId(dockTestIds.pause)).toBeVisible({ timeout: 60_000 });
  }

  /** Presses Train, and starts from the plan that it shows first. */
  async confirm(): Promise<void> {
    await this.page.getByTestId(dockTestIds.train).click();
    const start = this.page.getByTestId(dockTestIds.planStart);
    const underWay = this.page.getByTestId(dockTestIds.trainProgress);
    await expect(start.or(underWay).first()).toBeVisible();
    // With the plan already visible, Train has started, and the button is about to disappear.
    if (await start.isVisible()) await start.click({ timeout: 5_000 }).catch(() => undefined);
  }

  /** Opens the card of a run by its name in the list. */
  async openCard(name: string): Promise<void> {
    await this.page.getByTestId(testIds.dockTab('train')).click();
    await this.page.getByTestId(dockTestIds.runTab('runs')).click();
    await this.page.getByTestId(dockTestIds.runList).getByRole('button', { name }).first().click();
    await expect(this.page.getByTestId(dockTestIds.runCard)).toContainText(name);
  }

  async pause(): Promise<void> {
    await this.page.getByTestId(dockTestIds.pause).click();
    await this.expectPaused();
  }

  async expectPaused(): Promise<void> {
    await expect(this.page.getByTestId(dockTestIds.resume)).toBeVisible({ timeout: 30_000 });
  }

  async resume(): Promise<void> {
    await this.page.getByTestId(dockTestIds.resume).click();
    await expect(this.page.getByTestId(dockTestIds.pause)).toBeVisible({ timeout: 30_000 });
  }

  async stop(): Promise<void> {
    await this.page.getByTestId(dockTestIds.stop).click();
    await expect(this.page.getByTestId(dockTestIds.train)).toBeVisible({ timeout: 30_000 });
  }

  /** The step shown on the run's card. */
  async step(): Promise<number> {
    const text = await this.page.getByTestId(dockTestIds.runRow('step')).innerText();
    const step = /^([\d,]+)/.exec(text)?.[1] ?? 'none';
    return Number(step.replaceAll(',', ''));
  }

  async expectStepsBeyond(step: number): Promise<void> {
    await expect.poll(() => this.step(), { timeout: 90_000 }).toBeGreaterThan(step);
  }

  /** A curve is updated when its image changes during training. */
  async expectCurve(metric: string): Promise<void> {
    const canvas = this.page.getByTestId(dockTestIds.chart(metric)).locator('canvas');
    const image = () => canvas.evaluate((element: HTMLCanvasElement) => element.toDataURL());
    const before = await image();
    await expect.poll(image, { timeout: 30_000 }).not.toBe(before);
  }
}
