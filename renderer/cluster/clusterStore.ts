import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Whether the dialog that writes a project for a cluster is open. */
export const useClusterStore = defineStore('cluster', () => ({ isDialogOpen: ref(false) }));
