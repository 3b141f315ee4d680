/** Tables of labels, and groups of images. */
export const labels = {
  noFileFound:
    'No file that “{table}” names is in “{root}” (the first is “{file}”, in the column “{column}”); choose the folder that its names start from, or the column of the files.',
  columnProblem:
    'The table of labels “{table}” {problem}; {quote}. Choose the column of the classes, and that of the files where it is not the right one.',
  noColumn: 'has no column “{column}”',
  manyClassColumns: 'has more than one column that could be the class ({columns})',
  noHeader: 'has several columns and no header',
  noClassColumn: 'does not say which column is the class',
  notOneHot: 'gives the image of line {line} {classes} classes ({columns})',
  firstLine: 'its first line is “{cells}”',
  header: 'its header is “{cells}”',
  unusable:
    'The table of labels “{table}” cannot be used: {problem}; give a CSV file with one image a line, such as “cats/1.jpg,cat”, under a header “file,label”.',
  oneColumn: 'it has a single column, “{column}”',
  noLine: 'it has no line with a file and a label',
  lineWithoutFile: 'line {line} has no file, nor has any other',
  lineWithoutLabel: 'line {line} has no label, nor has any other',
  notUtf8: 'it is not UTF-8 text; save it as “CSV UTF-8”',
  notUtf8At: 'it is not UTF-8 text (line {line}); save it as “CSV UTF-8”',
  tooLarge: 'it is larger than {megabytes} MB',
  unreadable: 'The table of labels “{path}” cannot be read ({code}); check the path.',
  columnNumber: 'column {number}',
  subfoldersDecide: '“{table}” is not used: the subfolders are the classes.',
  answerForm:
    '“{table}” is a form for answers, so its classes are not used; name it as the table of labels to use it all the same.',
  otherTableDecides: '“{table}” is not used: another table gives the classes.',
  folderLeftOut: 'The labels name none of the {files} files in “{folder}”, so that folder is left out.',
  formDiffers:
    'One name in “{table}” and the files differ in the Unicode form of their letters alone ({example}); they are taken as the same. | {count} names in “{table}” and the files differ in the Unicode form of their letters alone ({example}); they are taken as the same.',
  caseDiffers:
    'One name in “{table}” and the files differ in letter case alone ({example}); they are taken as the same. | {count} names in “{table}” and the files differ in letter case alone ({example}); they are taken as the same.',
  nameIsFile: '“{name}” is “{file}”',
  // Groups.
  patternFindsNone:
    'The group pattern “{pattern}” matches none of the {images} images (the first is “{example}”).',
  columnFindsNone:
    'The column “{column}” has a value for none of the {images} images (the first is “{example}”).',
  badPattern: 'The group pattern “{pattern}” cannot be used: {problem}.',
  noTable:
    'Groups by the column “{column}” need a table of labels, and the subfolders give the classes here.',
  sharedGroups:
    '{count} group is in both the training and the validation folder ({names}), so validation looks better than it is. | {count} groups are in both the training and the validation folder ({names}), so validation looks better than it is.',
  oneGroup:
    'All images belong to one group{fixed}, so {consequence}; group by something finer, or validate on a folder of its own.',
  fewGroups:
    'The images belong to {groups} groups{fixed}, so {consequence}; group by something finer, or validate on a folder of its own.',
  fixedGroups:
    ' ({groups} of them hold all images of a class, or copies under several classes, and must train)',
  noneValidates: 'none of them can be kept for validation',
  tooFewForFolds: 'they do not make {folds} folds',
  quoteNotClosed: 'Quote Not Closed: the parsing is finished with an opening quote at line {line}',
} as const;
