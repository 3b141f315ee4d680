import { expect, type Locator } from '@playwright/test';

/** An option by its value, by its displayed text, or by its index from 0. */
type Wanted = string | { readonly label: string } | { readonly index: number };

/** The select control `UiSelect`, identified by its button. Only one list is open at a time. */
export class SelectBox {
  readonly button: Locator;

  constructor(button: Locator) {
    this.button = button;
  }

  async choose(wanted: Wanted): Promise<void> {
    await this.button.click();
    await this.option(wanted).click();
    await expect(this.list()).toHaveCount(0);
  }

  /** Expects this number of options in the list; opens it repeatedly until they are there, and closes it. */
  async expectOptions(count: number, timeout: number): Promise<void> {
    await expect(async () => {
      await this.button.click({ timeout: 2_000 });
      const options = await this.list().getByRole('option').count();
      await this.button.page().keyboard.press('Escape');
      expect(options).toBe(count);
    }).toPass({ timeout });
    await expect(this.list()).toHaveCount(0);
  }

  private list(): Locator {
    return this.button.page().locator('[data-overlay][role="listbox"]');
  }

  private option(wanted: Wanted): Locator {
    if (typeof wanted === 'string') return this.list().locator(`[data-value="${wanted}"]`);
    if ('index' in wanted) return this.list().getByRole('option').nth(wanted.index);
    return this.list().getByRole('option', { name: wanted.label, exact: true });
  }
}
