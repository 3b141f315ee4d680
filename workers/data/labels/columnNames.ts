/** Headers of the column of files, most specific first; compared as returned by `headerKey`. */
export const FILE_HEADERS = (
  'file filename filenames files filepath path image images imagename imagepath ' +
  'imagefile imagefilename img imgname imgpath picture photo name id imageid imgid'
).split(' ');

/** Headers of the column of classes: names before numbers, most specific first. */
export const LABEL_HEADERS = (
  'labelname classname categoryname label labels class classes classlabel ' +
  'category categories target targets y labelid classid categoryid'
).split(' ');

/** A header in lower case without spaces, `_` and `-`: `Image_Name` is `imagename`. */
export function headerKey(header: string): string {
  return header.toLowerCase().replace(/[\s_-]/g, '');
}

/** True for a submission form, a table to be filled in with predictions: its classes are placeholders. */
export function isAnswerForm(file: string): boolean {
  return /submission/i.test(file);
}

/**
 * How likely a table with this name holds labels of training images: 2 for `labels.csv` or `train.csv`, 0 for
 * `test.csv`, else 1.
 */
export function promiseOf(file: string): 0 | 1 | 2 {
  if (/label|train|annotation|class|ground.?truth/i.test(file)) return 2;
  return /test|valid/i.test(file) ? 0 : 1;
}

/** True for names with an extension of label tables. */
export function isTable(file: string): boolean {
  return /\.(csv|tsv)$/i.test(file);
}
