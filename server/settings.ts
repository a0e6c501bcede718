import { isAbsolute, resolve } from 'node:path'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { isTimeZone } from './city/local-time.ts'

/**
 * Everything that the environment may say, checked once. Speed and bikes are the simulated city's; the platform reads
 * the speed for its clock.
 */
const Settings = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080, description: 'HTTP port; 0 takes a free one' }),
  MQTT_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 1883, description: 'MQTT port; 0 takes a free one' }),
  MQTTS_PORT: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 65_535, description: 'a port for MQTT over TLS; 0 takes a free one' }),
  ),
  MQTTS_CERT_FILE: Type.Optional(
    Type.String({ pattern: '^.+\\.(pem|crt|cer)$', description: 'a .pem or .crt file, together with MQTTS_KEY_FILE' }),
  ),
  MQTTS_KEY_FILE: Type.Optional(
    Type.String({ pattern: '^.+\\.(pem|key)$', description: 'a .pem or .key file, together with MQTTS_CERT_FILE' }),
  ),
  HOST: Type.String({ minLength: 1, default: '127.0.0.1', description: 'address to listen on' }),
  DATA_DIR: Type.String({ minLength: 1, default: './data', description: 'folder for everything that is kept' }),
  DATABASE_URL: Type.Optional(
    Type.String({ pattern: '^postgres(ql)?://.+', description: 'postgresql://user:password@host:5432/database' }),
  ),
  REDIS_URL: Type.Optional(Type.String({ pattern: '^rediss?://.+', description: 'redis://host:6379' })),
  PUBLIC_URL: Type.Optional(
    Type.String({ pattern: '^https?://[^/\\s]+$', description: 'https://bikes.example.org, without a path' }),
  ),
  CITY_SPEED: Type.Optional(
    Type.Number({ minimum: 0.1, maximum: 100, description: 'city seconds per second, 0.1 to 100' }),
  ),
  CITY_BIKES: Type.Integer({ minimum: 1, maximum: 5_000, default: 300, description: 'bikes of the city, 1 to 5000' }),
  CITY_SEED: Type.Integer({ minimum: 0, maximum: 4_294_967_295, default: 1, description: 'a number, 0 to 4294967295' }),
  MAPBOX_TOKEN: Type.Optional(Type.String({ pattern: '^pk\\..+', description: 'a public token: pk.…' })),
  CODE_WEBHOOK_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s@]+$',
      description: 'the address of your SMS or mail gateway, no password in it',
    }),
  ),
  OSRM_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s@?#]+$',
      description: 'the address of a routing service in front of /table, no password in it',
    }),
  ),
  ROAD_FILE: Type.Optional(
    Type.String({ pattern: '^.+\\.roads$', description: 'the .roads file that npm run import-streets made' }),
  ),
  TIME_ZONE: Type.String({
    minLength: 1,
    maxLength: 60,
    default: 'Europe/Amsterdam',
    description: 'a name of the IANA time zone table, such as Europe/Amsterdam',
  }),
  STAFF_SECOND_FACTOR: Type.Union([Type.Literal('optional'), Type.Literal('required')], {
    default: 'optional',
    description: 'optional, or required: then admin and finance may do nothing at the desk without one',
  }),
  LOG_LEVEL: Type.Union(
    ['debug', 'info', 'warn', 'error'].map((level) => Type.Literal(level)),
    { default: 'info', description: 'debug, info, warn or error' },
  ),
})
export type Settings = Type.Static<typeof Settings>

export type CheckedSettings =
  | { readonly ok: true; readonly settings: Settings }
  /** One sentence a wrong setting, all of them at once. */
  | { readonly ok: false; readonly sentences: readonly string[] }

const validator = Compile(Settings)
const names = Object.keys(Settings.properties) as (keyof typeof Settings.properties)[]

/** Reads and checks the settings; empty values count as not given. `DATA_DIR` comes back absolute. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>, cwd: string): CheckedSettings {
  const given: Record<string, unknown> = {}
  for (const name of names) {
    const schema = Settings.properties[name] as { type?: string; default?: unknown }
    const text = environment[name]?.trim()
    if (text) given[name] = schema.type === 'integer' || schema.type === 'number' ? numberOr(text) : text
    else if (schema.default !== undefined) given[name] = schema.default
  }
  if (!validator.Check(given) || !isTimeZone(given.TIME_ZONE)) {
    const wrong = names.filter((name) => given[name] !== undefined && !fits(name, given[name]))
    return {
      ok: false,
      sentences: wrong.map((name) => {
        const { description } = Settings.properties[name] as { description?: string }
        return `${name} is "${withoutPassword(environment[name] ?? '')}", which is not possible: expected ${description}.`
      }),
    }
  }
  const settings = given as Settings
  if ((settings.MQTTS_CERT_FILE === undefined) !== (settings.MQTTS_KEY_FILE === undefined)) {
    return { ok: false, sentences: ['MQTTS_CERT_FILE and MQTTS_KEY_FILE belong together: give both, or neither.'] }
  }
  const folder = settings.DATA_DIR
  return { ok: true, settings: { ...settings, DATA_DIR: isAbsolute(folder) ? folder : resolve(cwd, folder) } }
}

/** Addresses may carry a password, and sentences go to terminals and logs. */
const withoutPassword = (text: string): string => text.replace(/:\/\/[^@/]*@/, '://…@')

const numberOr = (text: string): number | string => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text)
const fits = (name: keyof typeof Settings.properties, value: unknown): boolean =>
  Compile(Settings.properties[name]).Check(value) && (name !== 'TIME_ZONE' || isTimeZone(String(value)))
