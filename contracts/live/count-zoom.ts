/** Below this zoom ten thousand dots would bury the city: the server counts them in cells instead. */
export const countsBelowZoom = 13

/** H3 resolution whose cells are some 60 to 180 pixels apart at a zoom (of the engines: 512-pixel tiles). */
export function countResolution(zoom: number): 5 | 6 | 7 | 8 {
  if (zoom >= 12) return 8
  if (zoom >= 10.6) return 7
  return zoom >= 9.2 ? 6 : 5
}
