import type { Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds.dock.ts';

/** The lab's own file dialog, as shown in a browser. */
export class FilePicker {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens folder after folder and takes the last one. */
  async chooseFolder(...names: string[]): Promise<void> {
    for (const name of names) await this.page.getByTestId(dockTestIds.fileEntry(name)).dblclick();
    await this.confirm();
  }

  /** Types the path of a folder and goes there, wherever the dialog began. */
  async goTo(path: string): Promise<void> {
    const field = this.page.getByTestId(dockTestIds.filePath);
    await field.fill(path);
    await field.press('Enter');
  }

  /** Types the path of a folder and takes it. */
  async choosePath(path: string): Promise<void> {
    await this.page.getByTestId(dockTestIds.filePath).fill(path);
    await this.confirm();
  }

  async saveAs(name: string): Promise<void> {
    await this.page.getByTestId(dockTestIds.fileName).fill(name);
    await this.confirm();
  }

  async confirm(): Promise<void> {
    await this.page.getByTestId(dockTestIds.fileConfirm).click();
  }
}
