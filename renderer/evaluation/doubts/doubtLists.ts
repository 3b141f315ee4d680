import type { ImageList } from '../images/imageList.ts';
import DuplicateImages from './DuplicateImages.vue';
import ForgottenImages from './ForgottenImages.vue';
import SuspectImages from './SuspectImages.vue';

/** The lists of images that are doubtful in some way. */
export const DOUBT_LISTS: readonly ImageList[] = [
  { key: 'suspects', component: SuspectImages },
  { key: 'duplicates', component: DuplicateImages },
  { key: 'forgotten', component: ForgottenImages },
];
