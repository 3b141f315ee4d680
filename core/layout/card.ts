/** Size of a block card in canvas pixels. */
export const CARD = { width: 184, height: 72 } as const;
/** Distance between the corners of neighbouring cards: to the right, and downwards. */
export const PITCH = { x: 264, y: 104 } as const;
