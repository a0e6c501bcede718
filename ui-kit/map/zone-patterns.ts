import type { MapEngine } from './map-engine.ts'

/** Names under which the engine knows our pictures. */
export const zoneImages = {
  hatched: 'zwerm-hatched',
  crossed: 'zwerm-crossed',
  parking: 'zwerm-parking',
  noParking: 'zwerm-no-parking',
  noRide: 'zwerm-no-ride',
  slow: 'zwerm-slow',
} as const

interface Ink {
  readonly ban: string
  readonly slow: string
  readonly spot: string
  readonly halo: string
  readonly letter: string
}

/** Drawn for screens of two pixels a point, which others only make finer. */
const scale = 2
const tile = 10
const sign = 24

/** Draws the patterns and signs of zones; a style that was changed has forgotten them. */
export function addZonePatterns(map: MapEngine, ink: Ink): void {
  const add = (name: string, size: number, draw: (canvas: CanvasRenderingContext2D) => void) => {
    const picture = pictureOf(size, draw)
    if (picture !== null && !map.hasImage(name)) map.addImage(name, picture, { pixelRatio: scale })
  }
  add(zoneImages.hatched, tile, (canvas) => stripes(canvas, ink.ban, [1]))
  add(zoneImages.crossed, tile, (canvas) => stripes(canvas, ink.ban, [1, -1]))
  add(zoneImages.parking, sign, (canvas) => {
    plate(canvas, ink.spot, ink.halo)
    letter(canvas, 'P', ink.halo)
  })
  add(zoneImages.noParking, sign, (canvas) => {
    disc(canvas, ink.ban, ink.halo)
    letter(canvas, 'P', ink.letter)
    slash(canvas, ink.ban)
  })
  add(zoneImages.noRide, sign, (canvas) => {
    disc(canvas, ink.ban, ink.halo)
    canvas.fillStyle = ink.ban
    canvas.fillRect(6, 10, 12, 4)
  })
  add(zoneImages.slow, sign, (canvas) => {
    disc(canvas, ink.slow, ink.halo)
    letter(canvas, '!', ink.slow)
  })
}

function pictureOf(size: number, draw: (canvas: CanvasRenderingContext2D) => void): ImageData | null {
  const element = document.createElement('canvas')
  element.width = size * scale
  element.height = size * scale
  const canvas = element.getContext('2d')
  if (canvas === null) return null
  canvas.scale(scale, scale)
  draw(canvas)
  return canvas.getImageData(0, 0, element.width, element.height)
}

/** Diagonals that meet those of the next tile. */
function stripes(canvas: CanvasRenderingContext2D, colour: string, slopes: readonly (1 | -1)[]): void {
  canvas.fillStyle = colour
  canvas.globalAlpha = 0.12
  canvas.fillRect(0, 0, tile, tile)
  canvas.globalAlpha = 0.55
  canvas.strokeStyle = colour
  canvas.lineWidth = 1.6
  for (const slope of slopes) {
    for (const from of [-tile, 0, tile]) {
      canvas.beginPath()
      canvas.moveTo(from - 1, slope === 1 ? tile + 1 : -1)
      canvas.lineTo(from + tile + 1, slope === 1 ? -1 : tile + 1)
      canvas.stroke()
    }
  }
  canvas.globalAlpha = 1
}

function plate(canvas: CanvasRenderingContext2D, colour: string, edge: string): void {
  canvas.beginPath()
  canvas.roundRect(2, 2, sign - 4, sign - 4, 6)
  canvas.fillStyle = colour
  canvas.fill()
  canvas.strokeStyle = edge
  canvas.lineWidth = 1.5
  canvas.stroke()
}

function disc(canvas: CanvasRenderingContext2D, colour: string, ground: string): void {
  canvas.beginPath()
  canvas.arc(sign / 2, sign / 2, sign / 2 - 2.5, 0, 2 * Math.PI)
  canvas.fillStyle = ground
  canvas.fill()
  canvas.strokeStyle = colour
  canvas.lineWidth = 2.5
  canvas.stroke()
}

function slash(canvas: CanvasRenderingContext2D, colour: string): void {
  canvas.beginPath()
  canvas.moveTo(5.5, 5.5)
  canvas.lineTo(sign - 5.5, sign - 5.5)
  canvas.strokeStyle = colour
  canvas.lineWidth = 2.5
  canvas.stroke()
}

function letter(canvas: CanvasRenderingContext2D, text: string, colour: string): void {
  canvas.font = `700 ${sign * 0.58}px "Noto Sans", system-ui, sans-serif`
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  canvas.fillStyle = colour
  canvas.fillText(text, sign / 2, sign / 2 + 1)
}
