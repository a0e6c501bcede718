import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClockView } from '../../contracts/http/demo.ts'
import { epochMs } from '../../contracts/units.ts'
import { createLog } from './log.ts'
import { followServerClock, type ServerClock } from './server-clock.ts'

const morning = 1_790_000_000_000
const viewAt = (speed: number): ClockView => ({
  now: { realAtMs: Date.now(), cityAtMs: epochMs(morning), speed },
  next: null,
})
const streams = new Set<ServerResponse>()
let server: Server
let clock: ServerClock | null = null
const lines: string[] = []
const log = createLog((line) => void lines.push(line))

async function open(port = 0): Promise<number> {
  server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`data: ${JSON.stringify(viewAt(10))}\n\n`)
    streams.add(response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const shut = () =>
  new Promise<void>((resolve) => {
    streams.clear()
    server.close(() => resolve())
    server.closeAllConnections()
  })

afterEach(async () => {
  clock?.stop()
  await shut()
})

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

describe("the server's clock", () => {
  it('is followed over a change of speed and over an outage, and never goes back', async () => {
    const port = await open()
    clock = await followServerClock(`http://127.0.0.1:${port}`, log)
    expect([clock.speed(), clock.isServerHere()]).toEqual([10, true])
    const before = clock.nowMs()
    expect(before).toBeGreaterThanOrEqual(morning)

    let changes = 0
    clock.onChange(() => changes++)
    for (const stream of streams) stream.write(`data: ${JSON.stringify(viewAt(1))}\n\n`)
    await until(() => changes === 1)
    expect(clock.speed()).toBe(1)
    expect(clock.nowMs()).toBeGreaterThanOrEqual(before)

    await shut()
    await until(() => clock?.isServerHere() === false)
    let isBack = false
    const back = clock.serverHere().then(() => {
      isBack = true
    })
    expect(isBack).toBe(false)
    await open(port)
    await back
    expect(clock.isServerHere()).toBe(true)
    expect(lines.filter((line) => line.includes('away'))).toHaveLength(1)
  })
})
