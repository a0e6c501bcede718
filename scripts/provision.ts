/**
 * Registers a lock and its bike with a running platform:
 *
 *   npm run --silent provision -- --id my-lock-01 [--lon 104.045 --lat 30.645] [--model NAME] [--http-url http://127.0.0.1:8080]
 *
 * Needs the factory token: FACTORY_TOKEN, or DATA_DIR/secrets/factory-token. Prints `KEY=value` lines that a shell can
 * read with `eval "$(…)"` or `. file`; the same lock id prints the same secrets again.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { lockIdPattern } from '../contracts/ids.ts'
import { provisionBike } from '../lock-simulator/factory.ts'

await main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      id: { type: 'string' },
      lon: { type: 'string' },
      lat: { type: 'string' },
      model: { type: 'string' },
      'http-url': { type: 'string', default: `http://127.0.0.1:${process.env.PORT ?? '8080'}` },
    },
  })
  const { id = '', lon, lat, model } = values
  if (!new RegExp(lockIdPattern).test(id)) throw new Error('--id: 6 to 32 lower-case letters, digits and dashes')
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
  for (const [key, value] of Object.entries(lines)) process.stdout.write(`${key}=${value}\n`)
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
