export interface Tile {
  readonly z: number
  readonly x: number
  readonly y: number
}
interface Place {
  readonly lon: number
  readonly lat: number
}

/** Web Mercator tile of a place. Source: OpenStreetMap wiki, "Slippy map tilenames". */
export function tileAt({ lon, lat }: Place, z: number): Tile {
  const side = 2 ** z
  const radians = (lat * Math.PI) / 180
  const clamp = (value: number) => Math.min(side - 1, Math.max(0, Math.floor(value)))
  return {
    z,
    x: clamp(((lon + 180) / 360) * side),
    y: clamp(((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2) * side),
  }
}

/** A tile and those within `ring` tiles of it, as far as there are any. */
export function around({ z, x, y }: Tile, ring: number): readonly Tile[] {
  const steps = Array.from({ length: 2 * ring + 1 }, (_, step) => step - ring)
  const last = 2 ** z - 1
  return steps
    .flatMap((dx) => steps.map((dy) => ({ z, x: x + dx, y: y + dy })))
    .filter((tile) => tile.x >= 0 && tile.y >= 0 && tile.x <= last && tile.y <= last)
}

/** The address of a tile. @param tilesUrl with `{z}`, `{x}` and `{y}` */
export const tileUrl = (tilesUrl: string, { z, x, y }: Tile): string =>
  tilesUrl.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y))
