import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { osrmDistances } from './osrm-distances.ts'

const logger = pino({ level: 'silent' })
let service: Server | undefined
afterEach(() => {
  service?.closeAllConnections()
  service?.close()
})

interface Asked {
  readonly coordinates: readonly (readonly number[])[]
  readonly sources: readonly number[]
  readonly destinations: readonly number[]
  readonly path: string
}

/** A server that speaks the table API: ways are as long as the longitudes differ, longer to the west. */
async function openService(
  answer: (asked: Asked, response: ServerResponse, attempt: number) => void = (asked, response) =>
    response.end(JSON.stringify(tableOf(asked))),
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = []
  service = createServer((request, response) => {
    asked.push(read(request))
    answer(asked.at(-1)!, response, asked.length)
  })
  service.listen(0, '127.0.0.1')
  await once(service, 'listening')
  return { url: `http://127.0.0.1:${(service.address() as AddressInfo).port}/osrm/`, asked }
}

function read(request: IncomingMessage): Asked {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const coordinates = url.pathname
    .split('/')
    .at(-1)!
    .split(';')
    .map((pair) => pair.split(',').map(Number))
  const list = (name: string): number[] => url.searchParams.get(name)?.split(';').map(Number) ?? [...coordinates.keys()]
  expect(url.searchParams.get('annotations')).toBe('duration,distance')
  return { coordinates, sources: list('sources'), destinations: list('destinations'), path: url.pathname }
}

function tableOf({ coordinates, sources, destinations }: Asked) {
  const metres = (from: number, to: number): number => {
    const gap = Math.round((coordinates[to]![0]! - coordinates[from]![0]!) * 10_000)
    return gap < 0 ? -2 * gap : gap
  }
  const distances = sources.map((from) => destinations.map((to) => metres(from, to)))
  return { code: 'Ok', distances, durations: distances.map((cells) => cells.map((cell) => cell / 8)) }
}

const places = (count: number) => Array.from({ length: count }, (_, k) => ({ lon: 4 + k / 1_000, lat: 52 }))
const quick = { retryBaseMs: 1 }

describe('an OSRM service', () => {
  it('is asked once for a table that it takes whole', async () => {
    const { url, asked } = await openService()
    const table = await osrmDistances(url, logger).table(places(3))
    expect(asked).toHaveLength(1)
    expect(asked[0]!.path).toBe('/osrm/table/v1/driving/4.000000,52.000000;4.001000,52.000000;4.002000,52.000000')
    expect(table).toEqual({
      source: 'osrm',
      distanceM: [0, 10, 20, 20, 0, 10, 40, 20, 0],
      driveS: [0, 1, 3, 3, 0, 1, 5, 3, 0],
    })
  })

  it('is asked in blocks that stay under its limit of coordinates', async () => {
    const { url, asked } = await openService()
    const table = await osrmDistances(url, logger, { coordinatesPerRequest: 10 }).table(places(23))
    expect(asked).toHaveLength(25)
    expect(Math.max(...asked.map(({ coordinates }) => coordinates.length))).toBe(10)
    for (let from = 0; from < 23; from++) {
      for (let to = 0; to < 23; to++) {
        expect(table.distanceM[from * 23 + to]).toBe(to < from ? 20 * (from - to) : 10 * (to - from))
      }
    }
  })

  it('that knows no way between two places leaves a straight line and a note', async () => {
    const { url } = await openService((asked, response) => {
      const table = tableOf(asked)
      const withHole = (cells: number[][]) =>
        cells.map((row, i) => row.map((cell, j) => (i === 0 && j === 2 ? null : cell)))
      const { distances, durations } = table
      response.end(JSON.stringify({ ...table, distances: withHole(distances), durations: withHole(durations) }))
    })
    const table = await osrmDistances(url, logger).table(places(3))
    expect(table.note).toContain('between 1 pairs')
    expect(table.distanceM[2]).toBeGreaterThan(150)
    expect(table.distanceM[6]).toBe(40)
  })

  it('that knows next to none of the ways is of another city', async () => {
    const { url } = await openService((asked, response) => {
      const none = asked.sources.map(() => asked.destinations.map(() => null))
      response.end(JSON.stringify({ code: 'Ok', distances: none, durations: none }))
    })
    await expect(osrmDistances(url, logger).table(places(3))).rejects.toMatchObject({ code: 'outside' })
  })

  it('that moves the places by kilometres is of another city', async () => {
    const { url } = await openService((asked, response) =>
      response.end(JSON.stringify({ ...tableOf(asked), sources: asked.sources.map(() => ({ distance: 400_000 })) })),
    )
    await expect(osrmDistances(url, logger).table(places(3))).rejects.toMatchObject({ code: 'outside' })
  })

  it('that stumbles is asked again', async () => {
    const { url, asked } = await openService((request, response, attempt) => {
      if (attempt === 1) response.writeHead(503).end()
      else if (attempt === 2) response.destroy()
      else response.end(JSON.stringify(tableOf(request)))
    })
    expect((await osrmDistances(url, logger, quick).table(places(2))).distanceM).toEqual([0, 10, 20, 0])
    expect(asked).toHaveLength(3)
  })

  it('that keeps stumbling is given up after the third time', async () => {
    const { url, asked } = await openService((_, response) => response.writeHead(500).end('{"code":"Busy"}'))
    await expect(osrmDistances(url, logger, quick).table(places(2))).rejects.toMatchObject({
      name: 'DistancesFault',
      code: 'service',
      message: 'the OSRM service says 500 Busy',
    })
    expect(asked).toHaveLength(3)
  })

  it('that says no is not asked again', async () => {
    const { url, asked } = await openService((_, response) =>
      response.writeHead(400).end('{"code":"TooBig","message":"Too many table coordinates"}'),
    )
    await expect(osrmDistances(url, logger, quick).table(places(2))).rejects.toThrow('says 400 TooBig')
    expect(asked).toHaveLength(1)
  })

  it('that never answers is given up', async () => {
    const { url, asked } = await openService(() => undefined)
    const slow = osrmDistances(url, logger, { ...quick, requestTimeoutMs: 400, maxTries: 2 }).table(places(2))
    await expect(slow).rejects.toThrow('does not answer in time')
    expect(asked).toHaveLength(2)
  })

  it('that begins an answer and never ends it is given up', async () => {
    const { url } = await openService((_, response) => response.write('{"code":"Ok","distances":[['))
    const slow = osrmDistances(url, logger, { ...quick, requestTimeoutMs: 50, maxTries: 1 }).table(places(2))
    await expect(slow).rejects.toThrow('does not answer in time')
  })

  it('that answers without end is cut off', async () => {
    const { url } = await openService((_, response) => response.end(' '.repeat(9_000_000)))
    await expect(osrmDistances(url, logger, quick).table(places(2))).rejects.toThrow('more than')
  })

  const nonsense: readonly (readonly [string, unknown, string])[] = [
    ['a page', '<html>', 'in JSON'],
    ['another form', { code: 'Ok', durations: [[0]] }, 'another form'],
    ['its own error', { code: 'NoTable' }, 'another form NoTable'],
    ['a smaller table', { code: 'Ok', distances: [[0]], durations: [[0]] }, 'another size'],
    [
      'ways of negative length',
      {
        code: 'Ok',
        distances: [
          [0, -1],
          [1, 0],
        ],
        durations: [
          [0, 1],
          [1, 0],
        ],
      },
      'another form',
    ],
  ]
  it.each(nonsense)('that answers with %s is not believed', async (_, body, sentence) => {
    const { url } = await openService((__, response) =>
      response.end(typeof body === 'string' ? body : JSON.stringify(body)),
    )
    await expect(osrmDistances(url, logger, quick).table(places(2))).rejects.toThrow(sentence)
  })

  it('that is away is a fault, as is one that is closed while it is asked', async () => {
    await expect(osrmDistances('http://127.0.0.1:1', logger, quick).table(places(2))).rejects.toThrow(
      'cannot be reached',
    )
    const { url } = await openService(() => void distances.close())
    const distances = osrmDistances(url, logger, quick)
    await expect(distances.table(places(2))).rejects.toMatchObject({ code: 'service' })
  })
})
