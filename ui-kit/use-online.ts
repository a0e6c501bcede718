import { useSyncExternalStore } from 'react'

/** Whether the device says that it has a network. It may still not reach us. */
export const useOnline = (): boolean => useSyncExternalStore(listen, () => navigator.onLine)

function listen(changed: () => void): () => void {
  addEventListener('online', changed)
  addEventListener('offline', changed)
  return () => {
    removeEventListener('online', changed)
    removeEventListener('offline', changed)
  }
}
