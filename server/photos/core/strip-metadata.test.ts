import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { photoTypes } from '../../../contracts/photo-limits.ts'
import { stripMetadata } from './strip-metadata.ts'

const text = (words: string) => [...new TextEncoder().encode(words)]
const secret = 'GPS 52.3585 4.726'
const holds = (bytes: Uint8Array | null) => new TextDecoder('latin1').decode(bytes ?? new Uint8Array()).includes('GPS')

const segment = (marker: number, body: readonly number[]) => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
]
const start = [0xff, 0xd8]
const end = [0xff, 0xd9]
const quantization = segment(0xdb, [0, 1, 2, 3])
const scan = [...segment(0xda, [1, 1, 0, 0, 63, 0]), 0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]
const exif = segment(0xe1, text(`Exif\0\0${secret}`))
const jpeg = (...parts: readonly (readonly number[])[]) => Uint8Array.from(parts.flat())

const chunk = (name: string, body: readonly number[]) => [
  0,
  0,
  body.length >> 8,
  body.length & 255,
  ...text(name),
  ...body,
  9,
  9,
  9,
  9,
]
const png = (...chunks: readonly (readonly number[])[]) =>
  Uint8Array.from([[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], ...chunks].flat())
const header = chunk('IHDR', new Array<number>(13).fill(1))

const riffChunk = (name: string, body: readonly number[]) => [
  ...text(name),
  body.length & 255,
  body.length >> 8,
  0,
  0,
  ...body,
  ...(body.length % 2 ? [0] : []),
]
const webp = (...chunks: readonly (readonly number[])[]) => {
  const body = chunks.flat()
  const length = body.length + 4
  return Uint8Array.from([...text('RIFF'), length & 255, length >> 8, 0, 0, ...text('WEBP'), ...body])
}

describe('a JPEG', () => {
  it('keeps what draws it and loses what its camera wrote, also after its end', () => {
    const comment = segment(0xfe, text(secret))
    const adobe = segment(0xee, text('Adobe'))
    const sent = jpeg(
      start,
      segment(0xe0, text('JFIF')),
      exif,
      quantization,
      comment,
      adobe,
      scan,
      exif,
      scan,
      end,
      text(secret),
    )
    expect(stripMetadata('image/jpeg', sent)).toEqual(jpeg(start, quantization, adobe, scan, scan, end))
  })

  it('that is cut off, or has no picture in it, is none', () => {
    for (const sent of [
      jpeg(start, exif, end),
      jpeg(start, exif, scan),
      jpeg(start, [0xff, 0xe1, 0xff, 0xff]),
      jpeg(start, [1]),
    ])
      expect(stripMetadata('image/jpeg', sent)).toBeNull()
  })
})

describe('a PNG', () => {
  it('keeps what draws it and loses its texts, its time and its EXIF', () => {
    const extras = [
      chunk('tEXt', text(secret)),
      chunk('eXIf', text(secret)),
      chunk('zzZz', text(secret)),
      chunk('tIME', [1]),
    ]
    const sent = png(header, ...extras, chunk('IDAT', [1, 2]), chunk('IEND', []), text(secret))
    expect(stripMetadata('image/png', sent)).toEqual(png(header, chunk('IDAT', [1, 2]), chunk('IEND', [])))
    expect(stripMetadata('image/png', png(header, chunk('IEND', [])))).toBeNull()
    expect(stripMetadata('image/png', png(chunk('IDAT', [1]), chunk('IEND', [])))).toBeNull()
  })
})

describe('a WebP', () => {
  it('keeps what draws it, loses EXIF, XMP and profile, and says so in its header', () => {
    const big = (flags: number) => riffChunk('VP8X', [flags, 0, 0, 0, 1, 0, 0, 1, 0, 0])
    const picture = riffChunk('VP8 ', [1, 2, 3])
    const extras = [riffChunk('ICCP', text(secret)), riffChunk('EXIF', text(secret)), riffChunk('XMP ', text(secret))]
    expect(stripMetadata('image/webp', webp(big(0x3c), picture, ...extras))).toEqual(webp(big(0x10), picture))
    expect(stripMetadata('image/webp', webp(big(0x3c), ...extras))).toBeNull()
    expect(stripMetadata('image/webp', webp(picture).slice(0, 20))).toBeNull()
  })
})

describe('any bytes', () => {
  it('become a picture without its camera or none, and nothing is taken out twice', () => {
    const wild = fc.uint8Array({ maxLength: 200 })
    fc.assert(
      fc.property(fc.constantFrom(...photoTypes), wild, fc.boolean(), (type, bytes, isShaped) => {
        const before = { 'image/jpeg': jpeg(start, exif, scan), 'image/png': png(header), 'image/webp': webp([]) }[type]
        const once = stripMetadata(type, isShaped ? Uint8Array.from([...before, ...bytes]) : bytes)
        expect(holds(once)).toBe(false)
        if (once !== null) expect(stripMetadata(type, once)).toEqual(once)
      }),
    )
  })

  it('of a picture in a million parts are none, and the filling between its parts costs nothing', () => {
    const end = [0xff, 0xda, 0, 2, 1, 0xff, 0xd9]
    // A table of nothing, then a word of the camera, over and over.
    const parts = Array.from({ length: 20_000 }, () => [0xff, 0xdb, 0, 2, 0xff, 0xe1, 0, 2]).flat()
    expect(stripMetadata('image/jpeg', Uint8Array.from([0xff, 0xd8, ...parts, ...end]))).toBeNull()
    const filled = new Uint8Array(3_000_000).fill(0xff)
    filled[1] = 0xd8
    filled.set(end.slice(1), filled.length - end.length + 1)
    expect(stripMetadata('image/jpeg', filled)?.length).toBe(filled.length)
  })
})
