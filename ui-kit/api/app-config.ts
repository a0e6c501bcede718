import type { Api } from './api-client.ts'

/** GET /v1/config: what a browser must know before it draws anything. */
export interface AppConfig {
  readonly mapboxToken: string | null
  readonly demo: boolean
  readonly tilesUrl: string
  readonly centre: { readonly lon: number; readonly lat: number }
  readonly citySpeed: number
}

/** Used until the server has answered, and when it does not. */
const withoutServer: AppConfig = {
  mapboxToken: null,
  demo: false,
  tilesUrl: '/tiles/{z}/{x}/{y}.mvt',
  centre: { lon: 4.7262, lat: 52.3585 },
  citySpeed: 1,
}

let asked: Promise<AppConfig> | null = null

/** Asked once per page; asked again when it failed. */
export function appConfig(api: Api): Promise<AppConfig> {
  asked ??= api.get<AppConfig>('/v1/config').then((answer) => {
    if (answer.kind === 'ok') return answer.value
    asked = null
    return withoutServer
  })
  return asked
}
