/** Channel on which main hands the page its port to the lab host. */
export const PORT_CHANNEL = 'shell:lab-port';
/** `type` of the window message with which the preload passes that port on to the page. */
export const PORT_MESSAGE = 'normlab-lab-port';
/** Channel on which main tells the page that the lab host ended too often and is not started again by itself. */
export const STOPPED_CHANNEL = 'shell:lab-stopped';
/** `type` of the window message with which the preload passes that on to the page. */
export const STOPPED_MESSAGE = 'normlab-lab-stopped';
