import { onBeforeUnmount, onMounted, shallowRef, type ShallowRef } from 'vue';

/** Milliseconds since 1970, updated each second while the component is mounted. */
export function useNow(): ShallowRef<number> {
  const now = shallowRef(Date.now());
  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    timer = setInterval(() => {
      now.value = Date.now();
    }, 1000);
  });
  onBeforeUnmount(() => clearInterval(timer));
  return now;
}
