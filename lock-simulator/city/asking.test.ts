import { Agent, createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { problemOf, refuse } from '../../contracts/refusals.ts'
import { createAsker, mostRequestsAtOnce } from './asking.ts'

let server: Server | null = null
const agent = new Agent({ keepAlive: false })

async function serve(listener: RequestListener): Promise<string> {
  const one = createServer(listener)
  server = one
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`
}

afterEach(() => {
  server?.close()
  server?.closeAllConnections()
  server = null
})

describe('asking over HTTP', () => {
  it('tells an answer, a clear no and nothing reliable apart', async () => {
    const url = await serve((request, response) => {
      const status = Number(request.url?.slice(1))
      const body = status === 409 ? problemOf(refuse('bike_in_use')) : { status }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    const { ask } = createAsker(agent)
    const kinds = await Promise.all(
      [200, 409, 404, 429, 503].map((status) => ask({ method: 'GET', url: `${url}/${status}` })),
    )
    expect(kinds).toMatchObject([
      { kind: 'answer', body: { status: 200 } },
      { kind: 'refused', code: 'bike_in_use' },
      { kind: 'refused', code: 'http_404' },
      { kind: 'nothing' },
      { kind: 'nothing' },
    ])
  })

  it('answers when nobody is there, and when the line breaks', async () => {
    const { ask, counts } = createAsker(agent)
    expect(await ask({ method: 'GET', url: 'http://127.0.0.1:1/' })).toMatchObject({ kind: 'nothing' })
    const url = await serve((request) => request.socket.destroy())
    expect(await ask({ method: 'POST', url, body: {} })).toMatchObject({ kind: 'nothing' })
    expect(counts).toMatchObject({ requests: 2, nothing: 2, underWay: 0 })
  })

  it('never has more than its share of questions under way', async () => {
    let now = 0
    let most = 0
    const url = await serve((_, response) => {
      now++
      most = Math.max(most, now)
      setImmediate(() => {
        now--
        response.end('{}')
      })
    })
    const { ask, counts } = createAsker(agent)
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask({ method: 'GET', url })))
    expect(answers.every(({ kind }) => kind === 'answer')).toBe(true)
    expect(most).toBeLessThanOrEqual(mostRequestsAtOnce)
    expect(counts).toMatchObject({ requests: 200, underWay: 0, waiting: 0 })
  })
})
