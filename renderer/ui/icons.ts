/** Line icons on a 16 × 16 grid: SVG path data, stroked with the current colour. */
export const ICONS = {
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  undo: 'M6 3.5L3 6.5l3 3M3.5 6.5H10a3 3 0 010 6H7',
  redo: 'M10 3.5l3 3-3 3M12.500 6.5H6a3 3 0 000 6h3',
  search: 'M7 12A5 5 0 107 2a5 5 0 000 10zM10.800 10.800L14 14',
  chevronDown: 'M4 6l4 4 4-4',
  chevronUp: 'M4 10l4-4 4 4',
  chevronRight: 'M6 4l4 4-4 4',
  chevronLeft: 'M10 4L6 8l4 4',
  folder:
    'M2 4.500A1.500 1.500 0 013.500 3h2.700l1.500 2h4.800A1.500 1.500 0 0114 6.500v5A1.500 1.500 0 0112.500 13h-9A1.500 1.500 0 012 11.500z',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  image: 'M2.500 3h11v10h-11zM2.500 11l3.500-4 3 3 1.500-1.500 3 3M10.500 6.200h.01',
  play: 'M5 3.200v9.600L12.500 8z',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  stop: 'M4 4h8v8H4z',
  warning: 'M8 2.500l6 11H2zM8 6.500v3.200M8 11.600v.1',
  error: 'M8 14A6 6 0 108 2a6 6 0 000 12zM8 5v3.800M8 10.900v.1',
  hint: 'M8 14A6 6 0 108 2a6 6 0 000 12zM8 7.400V11M8 5v.1',
  check: 'M3 8.500l3.200 3.200L13 5',
  copy: 'M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3',
  snowflake:
    'M8 1.500v13M2.400 4.800l11.200 6.400M13.600 4.800L2.400 11.200M6.300 2.800L8 4.300l1.700-1.500M6.300 13.200L8 11.700l1.700 1.500',
  fit: 'M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10',
  layout:
    'M5.500 2h5v3.500h-5zM2 10.500h4.500V14H2zM9.500 10.500H14V14H9.500zM8 5.500V8M4.200 10.500V8h7.600v2.500',
  settings:
    'M2 4.500h6M12 4.500h2M2 11.500h2M8 11.500h6M10 6.500a2 2 0 100-4 2 2 0 000 4zM6 13.500a2 2 0 100-4 2 2 0 000 4z',
  expand: 'M9.500 2.500h4v4M13.500 2.500L9.500 6.500M6.500 13.500h-4v-4M2.500 13.500l4-4',
  shrink: 'M13.500 6.500h-4v-4M9.500 6.500l4-4M2.500 9.500h4v4M6.500 9.500l-4 4',
  panelLeft: 'M2.500 3h11v10h-11zM6 3v10',
  panelRight: 'M2.500 3h11v10h-11zM10 3v10',
  panelBottom: 'M2.500 3h11v10h-11zM2.500 9.500h11',
  pencil:
    'M3 13l.7-3L10.500 3.200a1.400 1.400 0 012 0l.3.3a1.400 1.400 0 010 2L6 12.300zM9.300 4.500l2.200 2.200',
  trash: 'M3 4.500h10M6.500 4.500V3h3v1.500M4.500 4.500l.5 9h6l.5-9',
  download: 'M8 2.500v8M4.800 7.500L8 10.700l3.200-3.200M2.500 13.500h11',
  dot: 'M8 10a2 2 0 100-4 2 2 0 000 4z',
} as const;

export type IconName = keyof typeof ICONS;
