/**
 * One lock to play with:  npm run lock -- --id my-lock-1 [--mqtt-url mqtt://127.0.0.1:1883] [--http-url http://…]
 *
 * Registers itself with the factory token (FACTORY_TOKEN, or DATA_DIR/secrets/factory-token), or takes --password and
 * --key-hex, or --secrets FILE as `npm run provision` writes it: with a certificate in it, the address is one of
 * mqtts://. Commands come from the keyboard or, line by line, from standard input; `quit` or its end stops the lock.
 * With --panel the lock is drawn as a panel: in a terminal again and again, with single keys; else once after each line.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { Type } from 'typebox'
import Value from 'typebox/value'
import { LockSecrets } from '../contracts/http/locks.ts'
import { asId, type LockId, lockIdPattern } from '../contracts/ids.ts'
import { seededRandom } from '../contracts/random.ts'
import { defaultCentre } from '../demo-city/city-files.ts'
import { createLock } from './body/lock-body.ts'
import { realSchedule } from './body/schedule.ts'
import { provisionBike } from './factory.ts'
import { type Bench, createBench } from './play-bench.ts'
import { playCommands, playLine } from './play-commands.ts'
import { createPanelLog, messageLine, panelLines } from './play-panel.ts'
import { createMqttRadio, type RadioTls } from './radio/mqtt-radio.ts'

/** Pipes end at once: leave the last reports time to arrive. */
const farewellMs = 1_500
const redrawEveryMs = 500
/** A pipe has no width. */
const pipeColumns = 110
const [clear, home, toEndOfLine, toEnd] = ['\u001b[2J', '\u001b[H', '\u001b[K', '\u001b[J']
const ctrlC = '\u0003'
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
      secrets: { type: 'string' },
      panel: { type: 'boolean', default: false },
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
      tls: secrets.tls,
      url: values['mqtt-url'],
      random: random.split('radio'),
    }),
    position: place,
    receiver: 'field',
  })
  const bench = createBench(lock, Date.now, realSchedule)
  if (values.panel) playPanel(bench)
  else playLines(bench)
}

function playLines(bench: Bench): void {
  const { lock } = bench
  lock.onMessage((message) => console.log(messageLine(message)))
  lock.onBoltPosition((position) => console.log(`* bolt ${position}`))
  for (const { key, name, usage } of playCommands) console.log(`${key}  ${name.padEnd(8)} ${usage}`)
  console.log('q  quit')
  readLines(bench, (line) => console.log(`* ${playLine(bench, line) ?? `no such command: ${line.trim()}`}`))
}

/** The same lock as a panel. Without a terminal it is drawn after each line and whatever came of it, for a pipe. */
function playPanel(bench: Bench): void {
  const { lock } = bench
  const log = createPanelLog()
  const { stdin, stdout } = process
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true
  const tell = (line: string) => {
    log.add(line)
    if (!isTerminal) console.log(line)
  }
  lock.onMessage((message) => tell(messageLine(message)))
  lock.onBoltPosition((position) => tell(`* bolt ${position}`))
  const draw = () => {
    const lines = panelLines(bench, log, stdout.columns ?? pipeColumns, isTerminal)
    stdout.write(isTerminal ? `${home}${lines.map((line) => `${line}${toEndOfLine}`).join('\n')}${toEnd}` : '')
  }
  if (!isTerminal) {
    readLines(bench, (line) => {
      console.log(`> ${line.trim()}`)
      if (line.trim() === 'panel')
        for (const one of panelLines(bench, createPanelLog(), pipeColumns, false)) console.log(one)
      else console.log(`* ${playLine(bench, line) ?? `no such command: ${line.trim()}`}`)
    })
    return
  }
  stdout.write(clear)
  const redraw = setInterval(draw, redrawEveryMs)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  stdin.on('data', (keys: string) => {
    for (const key of keys) {
      if (key === 'q' || key === ctrlC) {
        clearInterval(redraw)
        stdin.setRawMode(false)
        stdin.pause()
        bench.destroy()
        lock.destroy()
        return
      }
      tell(`* ${playLine(bench, key) ?? `no such key: ${JSON.stringify(key)}`}`)
    }
    draw()
  })
}

function readLines(bench: Bench, onLine: (line: string) => void): void {
  const lines = createInterface({ input: process.stdin, terminal: false })
  let isOver = false
  const leave = () => {
    if (isOver) return
    isOver = true
    lines.close()
    // An open pipe would keep the process alive.
    process.stdin.destroy()
    bench.destroy()
    setTimeout(() => bench.lock.destroy(), process.stdin.isTTY ? 0 : farewellMs)
  }
  lines.on('line', (line) => {
    if (line.trim() === 'q' || line.trim() === 'quit') leave()
    else if (line.trim() !== '') onLine(line)
  })
  lines.on('close', leave)
  process.once('SIGINT', leave)
}

interface SecretOptions {
  readonly password?: string | undefined
  readonly 'key-hex'?: string | undefined
  readonly secrets?: string | undefined
  readonly 'key-version': string
  readonly 'http-url': string
}

interface KnownSecrets {
  readonly password: string | undefined
  readonly keyHex: string
  readonly keyVersion: number
  readonly tls?: RadioTls
}

async function secretsOf(
  lockId: string,
  place: { lon: number; lat: number },
  options: SecretOptions,
): Promise<KnownSecrets> {
  const { password, 'key-hex': keyHex, secrets } = options
  if (secrets !== undefined) return secretsIn(secrets, lockId)
  if (password !== undefined && keyHex !== undefined) {
    if (!/^[0-9a-f]{64}$/.test(keyHex)) throw new Error('--key-hex: 64 hexadecimal digits')
    return { password, keyHex, keyVersion: Number(options['key-version']) }
  }
  const bike = await provisionBike(options['http-url'], factoryToken(), { lockId, ...place })
  console.log(`* bike ${bike.number}, QR code ${bike.code}`)
  return { password: bike.mqttPassword, keyHex: bike.commandKeyHex, keyVersion: bike.keyVersion }
}

const SecretsFile = Type.Union([LockSecrets, Type.Object({ locks: Type.Array(LockSecrets) })])

/** Of a file that `npm run provision` wrote: of one lock, or of a batch. */
function secretsIn(file: string, lockId: string): KnownSecrets {
  const text: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Value.Check(SecretsFile, text)) throw new Error(`--secrets: ${file} is not what npm run provision writes`)
  const found = ('locks' in text ? text.locks : [text]).find((one) => one.lockId === lockId)
  if (found === undefined) throw new Error(`--secrets: ${lockId} is not in ${file}`)
  const { mqttPassword, certificatePem, privateKeyPem, authorityPem, commandKeyHex, keyVersion } = found
  return {
    ...{ password: mqttPassword ?? undefined, keyHex: commandKeyHex, keyVersion },
    tls: { ca: authorityPem ?? undefined, cert: certificatePem ?? undefined, key: privateKeyPem ?? undefined },
  }
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
