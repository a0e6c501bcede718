import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { webhookSender } from './webhook-sender.ts'

let gateway: Server
const lines: string[] = []
const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) })

async function openGateway(status: number): Promise<{ url: string; heard: unknown[] }> {
  const heard: unknown[] = []
  gateway = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => {
      heard.push(JSON.parse(body))
      response.writeHead(status).end()
    })
  })
  gateway.listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  return { url: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/codes`, heard }
}
afterEach(() => {
  gateway.close()
  lines.length = 0
})
const message = { to: '+31612345678', code: '123456', language: 'nl', purpose: 'log_in', sentAtMs: 0 } as const

describe('the operator’s gateway for log-in codes', () => {
  it('gets the address, the code and a sentence in the rider’s language', async () => {
    const { url, heard } = await openGateway(202)
    await webhookSender(url, logger).send(message)
    expect(heard).toEqual([
      { to: '+31612345678', code: '123456', language: 'nl', text: expect.stringContaining('123456 is je Zwerm-code') },
    ])
    expect(lines).toEqual([])
  })
  it('says it when a code deletes an account', async () => {
    const { url, heard } = await openGateway(202)
    await webhookSender(url, logger).send({ ...message, purpose: 'erase' })
    expect(heard).toMatchObject([{ text: expect.stringContaining('123456 verwijdert je Zwerm-account') }])
  })
  it('may fail: it is told without the address and the code', async () => {
    const { url } = await openGateway(500)
    await webhookSender(url, logger).send(message)
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toMatch(/123456|612345678/)
  })
  it('may be away', async () => {
    const { url } = await openGateway(200)
    gateway.close()
    await once(gateway, 'close')
    await webhookSender(url, logger).send(message)
    expect(lines).toHaveLength(1)
  })
})
