/**
 * One lock to play with:  npm run lock -- --id my-lock-1 [--mqtt-url mqtt://127.0.0.1:1883] [--http-url http://…]
 *
 * Registers itself with the factory token (FACTORY_TOKEN, or DATA_DIR/secrets/factory-token), or takes --password and
 * --key-hex. Commands come from the keyboard or, line by line, from standard input; `quit` or its end stops the lock.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { asId, type LockId, lockIdPattern } from '../contracts/ids.ts'
import { seededRandom } from '../contracts/random.ts'
import { defaultCentre } from '../demo-city/city-files.ts'
import { createLock } from './body/lock-body.ts'
import { realSchedule } from './body/schedule.ts'
import { provisionBike } from './factory.ts'
import { playCommands, playLine } from './play-commands.ts'
import { createMqttRadio } from './radio/mqtt-radio.ts'

/** Pipes end at once: leave the last reports time to arrive. */
const farewellMs = 1_500
/** The middle of the demo city. */
const defaultPlace = { lon: `${defaultCentre.lon}`, lat: `${defaultCentre.lat}` }

await main().catch((failure: unknown) => {
  console.error(failure instanceof Error ? failure.message : failure)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      id: { type: 'string' },
      'mqtt-url': { type: 'string', default: 'mqtt://127.0.0.1:1883' },
      'http-url': { type: 'string', default: 'http://127.0.0.1:8080' },
      password: { type: 'string' },
      'key-hex': { type: 'string' },
      'key-version': { type: 'string', default: '1' },
      lon: { type: 'string', default: defaultPlace.lon },
      lat: { type: 'string', default: defaultPlace.lat },
    },
  })
  const id = values.id ?? ''
  if (!new RegExp(lockIdPattern).test(id)) throw new Error('--id: 6 to 32 lower-case letters, digits and dashes')
  const place = { lon: Number(values.lon), lat: Number(values.lat) }
  const secrets = await secretsOf(id, place, values)
  const random = seededRandom(id, `${Date.now()}`)
  const lock = createLock({
    lockId: id,
    keys: { keyVersion: secrets.keyVersion, commandKey: new Uint8Array(Buffer.from(secrets.keyHex, 'hex')) },
    random,
    nowMs: Date.now,
    schedule: realSchedule,
    radio: createMqttRadio({
      lockId: asId<LockId>(id),
      password: secrets.password,
      url: values['mqtt-url'],
      random: random.split('radio'),
    }),
    position: place,
  })
  lock.onMessage(({ direction, channel, payload }) => {
    console.log(`${direction === 'up' ? '→' : '←'} ${channel.padEnd(8)} ${payload}`)
  })
  lock.onBoltPosition((position) => console.log(`* bolt ${position}`))
  play(lock)
}

function play(lock: ReturnType<typeof createLock>): void {
  for (const { key, name, usage } of playCommands) console.log(`${key}  ${name.padEnd(8)} ${usage}`)
  console.log('q  quit')
  const lines = createInterface({ input: process.stdin, terminal: false })
  let isOver = false
  const leave = () => {
    if (isOver) return
    isOver = true
    lines.close()
    // An open pipe would keep the process alive.
    process.stdin.destroy()
    setTimeout(() => lock.destroy(), process.stdin.isTTY ? 0 : farewellMs)
  }
  lines.on('line', (line) => {
    if (line.trim() === 'q' || line.trim() === 'quit') leave()
    else if (line.trim() !== '') console.log(`* ${playLine(lock, line) ?? `no such command: ${line.trim()}`}`)
  })
  lines.on('close', leave)
  process.once('SIGINT', leave)
}

interface SecretOptions {
  readonly password?: string | undefined
  readonly 'key-hex'?: string | undefined
  readonly 'key-version': string
  readonly 'http-url': string
}

async function secretsOf(lockId: string, place: { lon: number; lat: number }, options: SecretOptions) {
  const { password, 'key-hex': keyHex } = options
  if (password !== undefined && keyHex !== undefined) {
    if (!/^[0-9a-f]{64}$/.test(keyHex)) throw new Error('--key-hex: 64 hexadecimal digits')
    return { password, keyHex, keyVersion: Number(options['key-version']) }
  }
  const bike = await provisionBike(options['http-url'], factoryToken(), { lockId, ...place })
  console.log(`* bike ${bike.number}, QR code ${bike.code}`)
  return { password: bike.mqttPassword, keyHex: bike.commandKeyHex, keyVersion: bike.keyVersion }
}

function factoryToken(): string {
  const given = process.env.FACTORY_TOKEN
  if (given) return given
  const path = join(process.env.DATA_DIR ?? './data', 'secrets', 'factory-token')
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new Error(`no factory token: set FACTORY_TOKEN or start the platform, which writes ${path}`, { cause })
  }
}
