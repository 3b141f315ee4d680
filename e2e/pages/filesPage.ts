import { basename, dirname } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { FilePicker } from './filePicker.ts';

/** Opening and saving projects, and choosing the image folder. */
export class FilesPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens a project file from the welcome page. */
  async open(file: string): Promise<void> {
    await this.page.getByTestId(testIds.welcomeOpen).click();
    await new FilePicker(this.page).goTo(dirname(file));
    await this.page.getByTestId(dockTestIds.fileEntry(basename(file))).dblclick();
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s');
  }

  async saveAs(file: string): Promise<void> {
    await this.page.keyboard.press('Control+Shift+s');
    const picker = new FilePicker(this.page);
    await picker.goTo(dirname(file));
    await expect(this.page.getByTestId(dockTestIds.filePath)).toHaveValue(dirname(file));
    await picker.saveAs(basename(file));
  }

  async chooseImages(folder: string): Promise<void> {
    await this.page.getByTestId(testIds.dockTab('data')).click();
    await this.page.getByTestId(dockTestIds.dataChoose).first().click();
    await new FilePicker(this.page).choosePath(folder);
  }

  notice(text: string | RegExp): Locator {
    return this.page.getByTestId(testIds.notice).filter({ hasText: text });
  }

  async expectNotice(text: string | RegExp): Promise<void> {
    await expect(this.notice(text)).toBeVisible();
  }
}
