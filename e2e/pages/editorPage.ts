import { expect, type Locator, type Page } from '@playwright/test';
import type { Messages } from '../../renderer/messages/en/english.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';

type DockTab = keyof Messages['shell']['dockTabs'];

/** The canvas, the palette and the inspector, operated as by a user. */
export class EditorPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  block(id: string): Locator {
    return this.page.getByTestId(testIds.block(id));
  }

  /** Drags a block kind from the palette and drops its middle at a point of the canvas, in pixels from its corner. */
  async dragFromPalette(kind: string, at: { x: number; y: number }): Promise<void> {
    await this.page
      .getByTestId(testIds.paletteItem(kind))
      .dragTo(this.page.getByTestId(testIds.canvas), { targetPosition: at });
  }

  /** Draws a wire with the pointer, from a block's output port to an input port of another. */
  async wire(from: string, to: string, port = 'in'): Promise<void> {
    await this.wireHeld(from, to, port);
    await this.page.mouse.up();
  }

  /** Draws a wire to the port without releasing it. */
  async wireHeld(from: string, to: string, port = 'in'): Promise<void> {
    const source = await centre(this.block(from).locator('.vue-flow__handle.source'));
    const target = await centre(this.block(to).locator(`.vue-flow__handle.target[data-handleid="${port}"]`));
    await this.page.mouse.move(source.x, source.y);
    await this.page.mouse.down();
    await this.page.mouse.move((source.x + target.x) / 2, (source.y + target.y) / 2, { steps: 4 });
    await this.page.mouse.move(target.x, target.y, { steps: 4 });
  }

  /** Selects a block and sets one of its parameters in the inspector. */
  async setParam(block: string, name: string, value: string): Promise<void> {
    await this.block(block).click();
    const field = this.page.getByTestId(testIds.param(name));
    await field.fill(value);
    await field.press('Enter');
  }

  /** Changes a training setting of the project; shown while no block is selected. */
  async setTraining(name: string, value: string): Promise<void> {
    await this.deselect();
    const field = this.page.getByTestId(testIds.training(name));
    await field.fill(value);
    await field.press('Enter');
  }

  async deselect(): Promise<void> {
    await this.page.getByTestId(testIds.canvas).click({ position: { x: 8, y: 8 } });
  }

  async openDock(tab: DockTab): Promise<void> {
    await this.page.getByTestId(testIds.dockTab(tab)).click();
  }

  async expectShape(block: string, shape: string): Promise<void> {
    await expect(this.block(block)).toContainText(shape);
  }

  async undo(): Promise<void> {
    await this.page.getByTestId(testIds.undo).click();
  }

  async redo(): Promise<void> {
    await this.page.getByTestId(testIds.redo).click();
  }
}

async function centre(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('nothing visible to aim at');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
