import { isAbsolute, join, resolve } from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

const Settings = Type.Object({
  ZWERM_URL: Type.String({ pattern: '^https?://[^/]+$' }),
  ZWERM_MQTT_URL: Type.String({ pattern: '^mqtt://[^/]+$' }),
  CITY_DIR: Type.String({ minLength: 1 }),
  CITY_SEED: Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' }),
  CITY_BIKES: Type.Integer({ minimum: 1, maximum: 5_000 }),
  CITY_VANS: Type.Integer({ minimum: 0, maximum: 50 }),
  FACTORY_TOKEN: Type.String({ minLength: 1 }),
  DATA_DIR: Type.String({ minLength: 1 }),
})

export interface CitySettings {
  readonly zwermUrl: string
  readonly mqttUrl: string
  readonly cityFolder: string
  readonly seed: string
  readonly bikes: number
  /** Night crews; as many as the platform's own settings have vans. */
  readonly vans: number
  readonly factoryToken: string
  /** Of this process alone. */
  readonly ownFolder: string
}

/** Reads the environment. Throws one sentence that names each wrong setting, never its value: one is a secret. */
export function readCitySettings(environment: Readonly<Record<string, string | undefined>>, cwd: string): CitySettings {
  const given = {
    CITY_SEED: '1',
    ...Object.fromEntries(Object.entries(environment).filter(([name, value]) => name in Settings.properties && value)),
    CITY_BIKES: Number(environment.CITY_BIKES || 300),
    CITY_VANS: Number(environment.CITY_VANS || 3),
  }
  if (!Value.Check(Settings, given)) {
    const wrong = new Set(Value.Errors(Settings, given).map((error) => error.instancePath.slice(1) || error.message))
    throw new Error(`The city cannot start. Missing or wrong: ${[...wrong].join(', ')}.`)
  }
  const folder = isAbsolute(given.DATA_DIR) ? given.DATA_DIR : resolve(cwd, given.DATA_DIR)
  return {
    zwermUrl: given.ZWERM_URL,
    mqttUrl: given.ZWERM_MQTT_URL,
    cityFolder: resolve(cwd, given.CITY_DIR),
    seed: given.CITY_SEED,
    bikes: given.CITY_BIKES,
    vans: given.CITY_VANS,
    factoryToken: given.FACTORY_TOKEN,
    ownFolder: join(folder, 'city'),
  }
}
