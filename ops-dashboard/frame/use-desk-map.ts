import { useEffect, useState } from 'react'
import { type AppConfig, appConfig } from '../../ui-kit/api/app-config.ts'
import { useCityMap } from '../../ui-kit/map/use-city-map.ts'
import { opsApi } from '../ops-api.ts'

/** The city's map on the desk: `useCityMap`, once the server has said where the city is. */
export function useDeskMap(options: Parameters<typeof useCityMap>[1]): ReturnType<typeof useCityMap> {
  const [config, setConfig] = useState<AppConfig | null>(null)
  useEffect(() => {
    void appConfig(opsApi).then(setConfig)
  }, [])
  return useCityMap(config, options)
}
