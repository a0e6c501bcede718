import type { PublicConfig } from '../../contracts/http/config.ts'
import { setCityZone } from '../city-zone.ts'
import { lastKnown, remember } from '../offline/last-known.ts'
import type { Api } from './api-client.ts'

/** What a browser must know before it draws anything: the part of GET /v1/config that the pages use. */
export type AppConfig = Pick<PublicConfig, 'mapboxToken' | 'demo' | 'tilesUrl' | 'maxZoom' | 'centre' | 'citySpeed'>

/** Used until the server has answered, and when it does not. */
const withoutServer: AppConfig = {
  mapboxToken: null,
  demo: false,
  tilesUrl: '/tiles/{z}/{x}/{y}.mvt',
  maxZoom: 15,
  centre: { lon: 4.7262, lat: 52.3585 },
  citySpeed: 1,
}

/** A map that is stored on the device does not wait longer for what has been known since the last visit. */
const patienceMs = 2_500
let asked: Promise<AppConfig> | null = null

/** Asked once per page, asked again when it failed. Without an answer it is what it was at the last visit. */
export function appConfig(api: Api): Promise<AppConfig> {
  const known = lastKnown<PublicConfig>('config')?.value
  asked ??= api.get<PublicConfig>('/v1/config').then((answer) => {
    if (answer.kind === 'ok') {
      remember('config', answer.value)
      return inItsZone(answer.value)
    }
    asked = null
    return known === undefined ? withoutServer : inItsZone(known)
  })
  if (known === undefined) return asked
  const enough = new Promise<AppConfig>((resolve) => setTimeout(() => resolve(inItsZone(known)), patienceMs))
  return Promise.race([asked, enough])
}

function inItsZone(config: PublicConfig): AppConfig {
  setCityZone(config.timeZone)
  return config
}
