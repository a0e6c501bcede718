import { useSyncExternalStore } from 'react'

interface Fix {
  readonly lon: number
  readonly lat: number
  readonly atMs: number
}

/** An older fix says where the van was, not where the act was done. */
const oldestFixMs = 120_000
let fix: Fix | null = null
let watch: number | null = null
const listeners = new Set<() => void>()

/** Follows the phone's place from now on, if the person allows it. */
export function watchPlace(): void {
  if (watch !== null || !('geolocation' in navigator)) return
  watch = navigator.geolocation.watchPosition(
    ({ coords }) => {
      fix = { lon: coords.longitude, lat: coords.latitude, atMs: Date.now() }
      for (const listener of listeners) listener()
    },
    () => undefined,
    { enableHighAccuracy: true, maximumAge: 15_000, timeout: 30_000 },
  )
}

/** Where the phone is, for an act; nulls when that is not known. */
export const lastPlace = (): { readonly lon: number | null; readonly lat: number | null } =>
  fix !== null && Date.now() - fix.atMs < oldestFixMs ? { lon: fix.lon, lat: fix.lat } : { lon: null, lat: null }

export const usePlace = (): Fix | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => fix,
  )
