import type { ImageFilter, ImageView } from '#core/contract/imageRows.ts';
import { FolderView } from './folderView.ts';
import type { FolderScan } from '../../data/scan/scanFolder.ts';

interface Selection {
  readonly view: FolderView;
  /** Numbers of the rows that match the filter. */
  readonly rows: Uint32Array;
}

/** Remembers the last view of a scan and the last selection in it. */
export class Selections {
  private scan: FolderScan | null = null;
  private view: FolderView | null = null;
  private viewKey = '';
  private rows: Uint32Array = new Uint32Array();
  private rowsKey = '';

  open(scan: FolderScan, view: ImageView, filter: ImageFilter): Selection {
    const viewKey = JSON.stringify(view);
    if (this.view === null || this.scan !== scan || this.viewKey !== viewKey) {
      this.view = new FolderView(scan, view);
      this.scan = scan;
      this.viewKey = viewKey;
      this.rowsKey = '';
    }
    const rowsKey = JSON.stringify(filter);
    if (this.rowsKey !== rowsKey) {
      this.rows = this.view.select(filter);
      this.rowsKey = rowsKey;
    }
    return { view: this.view, rows: this.rows };
  }
}
