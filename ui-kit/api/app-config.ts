import type { PublicConfig } from '../../contracts/http/config.ts'
import { setCityZone } from '../city-zone.ts'
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

let asked: Promise<AppConfig> | null = null

/** Asked once per page; asked again when it failed. */
export function appConfig(api: Api): Promise<AppConfig> {
  asked ??= api.get<PublicConfig>('/v1/config').then((answer) => {
    if (answer.kind === 'ok') {
      setCityZone(answer.value.timeZone)
      return answer.value
    }
    asked = null
    return withoutServer
  })
  return asked
}
