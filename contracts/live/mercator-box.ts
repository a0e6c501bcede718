/** A box in Web Mercator × 2³², y growing to the south; nothing is in a box whose west is east of its east. */
export interface MercatorBox {
  readonly west: number
  readonly north: number
  readonly east: number
  readonly south: number
}

export const emptyBox: MercatorBox = { west: 1, north: 1, east: 0, south: 0 }

export const isInBox = (box: MercatorBox, x: number, y: number): boolean =>
  x >= box.west && x <= box.east && y >= box.north && y <= box.south

export const holdsBox = (outer: MercatorBox, inner: MercatorBox): boolean =>
  inner.west >= outer.west && inner.east <= outer.east && inner.north >= outer.north && inner.south <= outer.south

const largest = 4_294_967_295

/** A box with a margin on each side, as a share of its own width and height; cut at the ends of the world. */
export function widened(box: MercatorBox, share: number): MercatorBox {
  const dx = (box.east - box.west) * share
  const dy = (box.south - box.north) * share
  return {
    west: Math.max(0, Math.floor(box.west - dx)),
    north: Math.max(0, Math.floor(box.north - dy)),
    east: Math.min(largest, Math.ceil(box.east + dx)),
    south: Math.min(largest, Math.ceil(box.south + dy)),
  }
}
