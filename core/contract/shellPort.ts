/** Channel on which main hands the page its port to the lab host. */
export const PORT_CHANNEL = 'shell:lab-port';
/** `type` of the window message with which the preload passes that port on to the page. */
export const PORT_MESSAGE = 'normlab-lab-port';
