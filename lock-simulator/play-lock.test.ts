import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { provisionBike } from './factory.ts'
import { openBenchBroker } from './radio/bench-broker.fixture.ts'

const program = fileURLToPath(new URL('play-lock.ts', import.meta.url))
const keyHex = '07'.repeat(32)
const factory = { bikeId: 'f3a1c1de-0000-7000-8000-000000000001', number: '10017', code: 'Q7GQ2B8X', keyVersion: 1 }
const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface Playing {
  readonly process: ChildProcess
  type(line: string): void
  untilSaid(text: string): Promise<void>
  ended: Promise<number | null>
}

function play(options: readonly string[], environment: NodeJS.ProcessEnv = {}): Playing {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...options], {
    env: { ...process.env, ...environment },
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  ends.push(async () => {
    child.kill('SIGKILL')
    await ended
  })
  let said = ''
  const looks = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    said += chunk.toString()
    for (const look of looks) look()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return {
    process: child,
    type: (line) => child.stdin.write(`${line}\n`),
    untilSaid: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (said.includes(text)) resolve()
        }
        looks.add(look)
        look()
      }),
    ended,
  }
}

/** A platform's provisioning route, with the one token that it knows. */
async function openFactory(): Promise<string> {
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const isAllowed = request.headers.authorization === 'Bearer token-1' && request.url === '/v1/staff/bikes'
      const { bikes } = JSON.parse(body) as { bikes: { lockId: string }[] }
      const answer = bikes.map(({ lockId }) => ({ ...factory, lockId, mqttPassword: 'secret', commandKeyHex: keyHex }))
      response.writeHead(isAllowed ? 201 : 401).end(JSON.stringify(isAllowed ? { bikes: answer } : { code: 'no' }))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  ends.push(() => new Promise((closed) => server.close(closed)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the lock in a terminal', () => {
  it('registers itself, obeys what is typed, shows each message, and ends', async () => {
    const broker = await openBenchBroker('secret')
    ends.push(broker.close)
    const urls = ['--mqtt-url', broker.url, '--http-url', await openFactory()]
    const terminal = play(['--id', 'lock-played-1', ...urls], { FACTORY_TOKEN: 'token-1' })
    await terminal.untilSaid('bike 10017, QR code Q7GQ2B8X')
    await terminal.untilSaid('→ hello')
    terminal.type('force')
    await terminal.untilSaid('"to":"unlocked","by":"force"')
    terminal.type('push')
    await terminal.untilSaid('"to":"locked","by":"hand"')
    for (const [typed, said] of [
      ['battery 12', '"lv":"low","soc":12'],
      ['move 4.73 52.36 18', '* at 4.73, 52.36'],
      ['move here', '* move LON LAT'],
      ['b 200', '* battery PERCENT'],
      ['jam', '* bolt jammed'],
      ['jam off', '* bolt free'],
      ['antenna off', '* antenna off'],
      ['antenna on', '* antenna on'],
      ['status', 'lock says locked'],
      ['dance', '* no such command: dance'],
      ['reboot', '"pend":null,"up":'],
    ] as const) {
      terminal.type(typed)
      await terminal.untilSaid(said)
    }
    terminal.type('quit')
    expect(await terminal.ended).toBe(0)
  })

  it('is a panel too, line by line where there is no terminal', async () => {
    const broker = await openBenchBroker('secret')
    ends.push(broker.close)
    const secrets = ['--password', 'secret', '--key-hex', keyHex, '--mqtt-url', broker.url]
    const terminal = play(['--id', 'lock-played-2', '--panel', ...secrets])
    await terminal.untilSaid('→ hello')
    for (const [typed, said] of [
      ['cable', '* cable cut'],
      ['cable', '* cable whole'],
      ['i', '* indoors'],
      ['v 18', '* rolls with 18 km/h'],
      ['shake 99', '* shake [G] [SECONDS]'],
      ['shell on', '"a":"tamper"'],
      ['panel', 'hands    shell, indoors, rolling'],
      ['ride', '* stands'],
      ['hang', '"rr":"watchdog"'],
    ] as const) {
      terminal.type(typed)
      await terminal.untilSaid(said)
    }
    terminal.type('q')
    expect(await terminal.ended).toBe(0)
  })

  it.each<[string, readonly string[], string]>([
    ['without an id', [], '--id: 6 to 32'],
    ['with half a key', ['--id', 'lock-played-1', '--password', 'x', '--key-hex', 'abc'], '64 hexadecimal digits'],
  ])('%s says what is missing, and fails', async (_, options, said) => {
    const terminal = play(options)
    await terminal.untilSaid(said)
    expect(await terminal.ended).toBe(1)
  })
})

describe('the factory', () => {
  it("passes on the platform's refusal", async () => {
    const url = await openFactory()
    await expect(provisionBike(url, 'token-2', { lockId: 'lock-played-1' })).rejects.toThrow(/401: .*no/)
  })
})
