/**
 * Registers locks and their bikes with a running platform. One lock:
 *
 *   npm run --silent provision -- --id my-lock-01 [--lon 104.045 --lat 30.645] [--model NAME] [--http-url http://127.0.0.1:8080]
 *
 * prints `KEY=value` lines that a shell can read with `eval "$(…)"` or `. file`. A batch:
 *
 *   npm run --silent provision -- --batch 50 [--prefix zw-] [--from 1] [--batch-id NAME] [--certificates] [--labels FOLDER] [--secrets FILE]
 *
 * prints a line a bike; its secrets go into a file that only you can read, its labels as A4 sheets into a folder. The same
 * order again gives the same again, and goes on where an interrupted one stopped. A lock that was stolen, or is found again:
 *
 *   npm run --silent provision -- --revoke zw-000017 --cause stolen --reason 'Gone from the bridge'
 *   npm run --silent provision -- --renew zw-000017 --reason 'Found and checked'
 *
 * Needs the factory token: FACTORY_TOKEN, or DATA_DIR/secrets/factory-token.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type FactoryLock, type LockSecrets, mostLocksOfBatch } from '../contracts/http/locks.ts'
import { lockIdPattern } from '../contracts/ids.ts'
import {
  type Factory,
  labelsOfBatch,
  locksOfBatch,
  orderBatch,
  provisionBike,
  renewLock,
  revokeLock,
} from '../lock-simulator/factory.ts'

const options = {
  id: { type: 'string' },
  lon: { type: 'string' },
  lat: { type: 'string' },
  model: { type: 'string' },
  batch: { type: 'string' },
  'batch-id': { type: 'string' },
  prefix: { type: 'string', default: 'lock-' },
  from: { type: 'string', default: '1' },
  certificates: { type: 'boolean', default: false },
  labels: { type: 'string' },
  secrets: { type: 'string' },
  revoke: { type: 'string' },
  renew: { type: 'string' },
  cause: { type: 'string', default: 'other' },
  reason: { type: 'string', default: '' },
  'http-url': { type: 'string', default: `http://127.0.0.1:${process.env.PORT ?? '8080'}` },
} as const
const privateFile = 0o600

await main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`)
  process.exitCode = 1
})

type Values = ReturnType<typeof readArguments>
function readArguments() {
  return parseArgs({ options }).values
}

async function main(): Promise<void> {
  const values = readArguments()
  if (values.batch !== undefined) return batch(values, values.batch)
  if (values.revoke !== undefined) return revoke(values, values.revoke)
  if (values.renew !== undefined) return renew(values, values.renew)
  return one(values)
}

async function one(values: Values): Promise<void> {
  const { id = '', lon, lat, model } = values
  checkLockId('--id', id)
  if ((lon === undefined) !== (lat === undefined)) throw new Error('--lon and --lat: both, or neither')
  const bike = await provisionBike(values['http-url'], factoryToken(), {
    lockId: id,
    ...(lon === undefined ? {} : { lon: Number(lon) }),
    ...(lat === undefined ? {} : { lat: Number(lat) }),
    ...(model === undefined ? {} : { model }),
  })
  // No value needs quotes: each is of letters, digits, dashes and underscores.
  const lines = {
    LOCK_ID: bike.lockId,
    MQTT_PASSWORD: bike.mqttPassword,
    COMMAND_KEY_HEX: bike.commandKeyHex,
    KEY_VERSION: String(bike.keyVersion),
    BIKE_NUMBER: bike.number,
    BIKE_CODE: bike.code,
  }
  for (const [key, value] of Object.entries(lines)) print(`${key}=${value}`)
}

async function batch(values: Values, count: string): Promise<void> {
  const { prefix, model, labels } = values
  const size = wholeNumber('--batch', count, 1, mostLocksOfBatch)
  const first = wholeNumber('--from', values.from, 1, 999_000)
  if (!/^[a-z0-9-]{1,24}$/.test(prefix)) throw new Error('--prefix: up to 24 lower-case letters, digits and dashes')
  const batchId = values['batch-id'] ?? `${prefix}${first}-${size}`
  if (!/^[a-z0-9-]{3,40}$/.test(batchId)) throw new Error('--batch-id: 3 to 40 lower-case letters, digits and dashes')
  const factory = factoryOf(values)
  const credential = values.certificates ? 'certificate' : 'password'
  const made = await orderBatch(factory, {
    ...{ batchId, prefix, first, size, credential },
    ...(model === undefined ? {} : { model }),
  })
  const locks = await locksOfBatch(factory, batchId)
  const file = values.secrets ?? `${batchId}.secrets.json`
  keep(file, secretsOf(batchId, locks), privateFile)
  print('lock_id,bike_number,bike_code,url')
  for (const { lockId, number, code, url } of locks) print(`${lockId},${number},${code},${url}`)
  process.stderr.write(`${locks.length} locks of batch ${batchId}; their secrets: ${file}\n`)
  if (labels === undefined) return
  mkdirSync(labels, { recursive: true })
  keep(join(labels, `${batchId}.html`), await labelsOfBatch(factory, batchId, 'all'))
  for (let sheet = 1; sheet <= made.labelSheets; sheet++) {
    const name = `${batchId}-${String(sheet).padStart(2, '0')}.svg`
    keep(join(labels, name), await labelsOfBatch(factory, batchId, sheet))
  }
  process.stderr.write(`${made.labelSheets} sheets of labels: ${labels} (print ${batchId}.html at 100 %)\n`)
}

async function revoke(values: Values, lockId: string): Promise<void> {
  checkLockId('--revoke', lockId)
  const { cause } = values
  if (cause !== 'stolen' && cause !== 'broken' && cause !== 'other') throw new Error('--cause: stolen, broken or other')
  const { inRide } = await revokeLock(factoryOf(values), lockId, { cause, reason: reasonOf(values) })
  print(`${lockId} is cut off and its bike is out of service.`)
  if (inRide) print('Somebody rides it: end that ride at the desk.')
}

async function renew(values: Values, lockId: string): Promise<void> {
  checkLockId('--renew', lockId)
  const credential = values.certificates ? ({ credential: 'certificate' } as const) : {}
  const secrets = await renewLock(factoryOf(values), lockId, { reason: reasonOf(values), ...credential })
  const file = values.secrets ?? `${lockId}.secrets.json`
  keep(file, `${JSON.stringify(secrets, null, 2)}\n`, privateFile)
  print(`${lockId} has new secrets: ${file}`)
}

function secretsOf(batchId: string, locks: readonly FactoryLock[]): string {
  const told = locks.flatMap(({ secrets }): LockSecrets[] => (secrets ? [secrets] : []))
  return `${JSON.stringify({ batchId, locks: told }, null, 2)}\n`
}

/** Whole or not at all. */
function keep(file: string, text: string, mode = 0o644): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode, flag: 'wx', flush: true })
  renameSync(draft, file)
}

function checkLockId(option: string, id: string): void {
  if (!new RegExp(lockIdPattern).test(id)) throw new Error(`${option}: 6 to 32 lower-case letters, digits and dashes`)
}

function reasonOf({ reason }: Values): string {
  if (reason.trim().length < 3 || reason.length > 200) throw new Error('--reason: why, in 3 to 200 characters')
  return reason.trim()
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new Error(`${option}: a whole number, ${least} to ${most}`)
}

function factoryOf(values: Values): Factory {
  return { httpUrl: values['http-url'], token: factoryToken() }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
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
