/** Size of a block card in canvas pixels. */
export const CARD = { width: 184, height: 72 } as const;
/** From one card's corner to the next one's: below, and to the right. */
export const PITCH = { x: 264, y: 104 } as const;
