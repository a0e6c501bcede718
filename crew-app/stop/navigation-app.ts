/** `geo` is whatever the phone has for a geo: address (RFC 5870). */
export const navigationApps = ['geo', 'google', 'apple', 'osm'] as const
export type NavigationApp = (typeof navigationApps)[number]

const storageKey = 'zwerm-navigation'

export function rememberedApp(): NavigationApp | null {
  const kept = localStorage.getItem(storageKey)
  return navigationApps.find((app) => app === kept) ?? null
}
export const rememberApp = (app: NavigationApp): void => localStorage.setItem(storageKey, app)

const digits = 6

/** An address that opens the way to a stop by car. */
export function navigationUrl(
  app: NavigationApp,
  stop: { readonly lon: number; readonly lat: number; readonly name: string },
): string {
  const at = `${stop.lat.toFixed(digits)},${stop.lon.toFixed(digits)}`
  switch (app) {
    case 'geo':
      return `geo:${at}?q=${at}(${encodeURIComponent(stop.name)})`
    case 'google':
      return `https://www.google.com/maps/dir/?api=1&travelmode=driving&destination=${encodeURIComponent(at)}`
    case 'apple':
      return `https://maps.apple.com/?dirflg=d&daddr=${encodeURIComponent(at)}`
    case 'osm':
      return `https://www.openstreetmap.org/directions?engine=fossgis_osrm_car&to=${encodeURIComponent(at)}`
  }
}
