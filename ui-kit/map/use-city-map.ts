import { useEffect, useRef, useState } from 'react'
import type { AppConfig } from '../api/app-config.ts'
import { useTheme } from '../theme.ts'
import type { CityMap, CityMapOptions } from './city-map.ts'

/**
 * One map in one element for as long as the screen lives. The engine loads lazily, after the screen's text is there.
 * @returns the ref for the element, and the map once it can be used; `failed` when no engine could start
 */
export function useCityMap(
  config: AppConfig | null,
  options: Pick<CityMapOptions, 'zoom' | 'label' | 'onPick'> & { readonly onMoved?: CityMapOptions['onMoved'] },
) {
  const box = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<CityMap | null>(null)
  const [failed, setFailed] = useState(false)
  const theme = useTheme()
  const latest = useRef(options)
  latest.current = options
  const firstTheme = useRef(theme)

  useEffect(() => {
    const container = box.current
    if (config === null || container === null) return
    let dropped = false
    let opened: CityMap | null = null
    const { zoom, label } = latest.current
    void import('./city-map.ts')
      .then(({ startCityMap }) =>
        startCityMap({
          container,
          zoom,
          label,
          theme: firstTheme.current,
          tilesUrl: config.tilesUrl,
          tilesMaxZoom: config.maxZoom,
          centre: config.centre,
          mapboxToken: config.mapboxToken,
          onPick: (row) => latest.current.onPick(row),
          onMoved: (centre, view) => latest.current.onMoved?.(centre, view),
        }),
      )
      .then((started) => {
        opened = started
        if (dropped) started.remove()
        else setMap(started)
      })
      .catch(() => setFailed(true))
    return () => {
      dropped = true
      opened?.remove()
      setMap(null)
    }
  }, [config])

  useEffect(() => map?.setTheme(theme), [map, theme])
  return { box, map, failed }
}
