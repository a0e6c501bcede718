import { useEffect } from 'react'

/** Keeps the screen lit while the page is seen: a phone in the van's holder must not go dark. */
export function useWakeLock(on: boolean): void {
  useEffect(() => {
    if (!on || !('wakeLock' in navigator)) return
    let held: WakeLockSentinel | null = null
    let over = false
    const ask = () => {
      if (document.visibilityState !== 'visible') return
      navigator.wakeLock.request('screen').then(
        (sentinel) => {
          held = sentinel
          if (over) void sentinel.release()
        },
        () => {
          // a low battery or a setting forbids it: the work goes on with a screen that sleeps
          held = null
        },
      )
    }
    ask()
    document.addEventListener('visibilitychange', ask)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', ask)
      void held?.release()
    }
  }, [on])
}
