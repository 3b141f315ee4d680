import type { Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';

/** The lab's own file dialog, as shown in a browser. */
export class FilePicker {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens one folder after another and chooses the last one. */
  async chooseFolder(...names: string[]): Promise<void> {
    for (const name of names) await this.page.getByTestId(dockTestIds.fileEntry(name)).dblclick();
    await this.confirm();
  }

  /** Types the path of a folder and goes there, wherever the dialog started. */
  async goTo(path: string): Promise<void> {
    await this.type(path);
    await this.page.getByTestId(dockTestIds.filePath).press('Enter');
  }

  /** Types the path of a folder and chooses it. */
  async choosePath(path: string): Promise<void> {
    await this.type(path);
    await this.confirm();
  }

  /** The first listing writes its own path into the field when it arrives. */
  private async type(path: string): Promise<void> {
    await this.page
      .locator(`[data-testid^="${dockTestIds.fileEntry('')}"]`)
      .first()
      .waitFor();
    await this.page.getByTestId(dockTestIds.filePath).fill(path);
  }

  async saveAs(name: string): Promise<void> {
    await this.page.getByTestId(dockTestIds.fileName).fill(name);
    await this.confirm();
  }

  async confirm(): Promise<void> {
    await this.page.getByTestId(dockTestIds.fileConfirm).click();
  }
}
