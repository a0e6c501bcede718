import { useEffect, useId, useRef, useState } from 'react'
import type { TripTrace } from '../../contracts/http/staff-trips.ts'
import { formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useDeskMap } from '../frame/use-desk-map.ts'
import { ZoomButtons } from '../frame/zoom-buttons.tsx'
import { formatMoment } from './city-moment.ts'

const startZoom = 14
const speeds = [1, 10, 30, 120] as const
/** By arrow key; page keys go a tenth of the ride. */
const stepMs = 1_000

/** The way on the map, and where on it the bike was: played, or moved by hand or key. */
export function ReplayPlayer({ trace }: { readonly trace: TripTrace }) {
  const { t, tag } = useText()
  const id = useId()
  const { points } = trace
  const fromMs = points[0]?.atMs ?? 0
  const toMs = points.at(-1)?.atMs ?? fromMs
  const [atMs, setAt] = useState(fromMs)
  const [isPlaying, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<number>(30)
  const { box, map, failed } = useDeskMap({ zoom: startZoom, label: t('trips.replay_map'), onPick: () => undefined })
  useEffect(() => {
    map?.setTrack(points)
    map?.showAll(points)
  }, [map, points])
  useEffect(() => map?.setTrackTime(atMs), [map, atMs])
  usePlaying(isPlaying, speed, (passedMs) => {
    setAt((now) => {
      const next = Math.min(toMs, now + passedMs)
      if (next === toMs) setPlaying(false)
      return next
    })
  })
  const play = () => {
    if (!isPlaying && atMs === toMs) setAt(fromMs)
    setPlaying(!isPlaying)
  }
  return (
    <div className="stack" data-at={Math.round(atMs)}>
      <div className="replay-map">
        <div className="map-box">
          <div ref={box} />
        </div>
        {failed && <p className="notice bad map-note">{t('trips.replay_map')}</p>}
        <ZoomButtons map={map} />
      </div>
      <div className="row wrap replay-keys">
        <button type="button" className="button main" onClick={play}>
          {t(isPlaying ? 'trips.pause' : 'trips.play')}
        </button>
        <div className="field grow">
          <label htmlFor={`${id}-at`} className="visually-hidden">
            {t('trips.at')}
          </label>
          <input
            id={`${id}-at`}
            type="range"
            min={0}
            max={Math.ceil((toMs - fromMs) / stepMs)}
            step={1}
            value={Math.ceil((atMs - fromMs) / stepMs)}
            aria-valuetext={`${formatMoment(tag, atMs)}, ${formatStopwatch(atMs - fromMs)}`}
            onChange={(event) => {
              setPlaying(false)
              setAt(Math.min(toMs, fromMs + Number(event.target.value) * stepMs))
            }}
          />
        </div>
        <output className="number">
          {formatStopwatch(atMs - fromMs)} / {formatStopwatch(toMs - fromMs)} · {formatMoment(tag, atMs)}
        </output>
        <div className="row">
          <label htmlFor={`${id}-speed`}>{t('trips.speed')}</label>
          <select
            id={`${id}-speed`}
            className="select"
            value={speed}
            onChange={(event) => setSpeed(Number(event.target.value))}
          >
            {speeds.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </div>
      </div>
    </div>
  )
}

/** Calls with how much of the ride has passed since the frame before. */
function usePlaying(isPlaying: boolean, speed: number, onPassed: (passedMs: number) => void): void {
  const passed = useRef(onPassed)
  passed.current = onPassed
  useEffect(() => {
    if (!isPlaying) return
    let beforeMs = performance.now()
    let frame = requestAnimationFrame(function draw(nowMs: number) {
      passed.current((nowMs - beforeMs) * speed)
      beforeMs = nowMs
      frame = requestAnimationFrame(draw)
    })
    return () => cancelAnimationFrame(frame)
  }, [isPlaying, speed])
}
