import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { type LonLat, vertexOf } from './drawing.ts'
import type { EditAct, EditState } from './edit-state.ts'

const stepM = 1
const farStepM = 10
const ways = [
  { key: 'ArrowUp', text: 'zones.north', sign: '↑', east: 0, north: 1 },
  { key: 'ArrowLeft', text: 'zones.west', sign: '←', east: -1, north: 0 },
  { key: 'ArrowRight', text: 'zones.east', sign: '→', east: 1, north: 0 },
  { key: 'ArrowDown', text: 'zones.south', sign: '↓', east: 0, north: -1 },
] as const

/** What the pointer does on the map, for the chosen corner and without dragging: move, place by numbers, split, delete. */
export function CornerTools({
  state,
  act,
  pad,
  onSnap,
}: {
  readonly state: EditState
  readonly act: (act: EditAct) => void
  /** Has the focus when a person wants to move the chosen corner. */
  readonly pad: RefObject<HTMLButtonElement | null>
  /** Onto the nearest corner of a neighbour; null where there is none, or nobody wants it. */
  readonly onSnap: (() => void) | null
}) {
  const { t } = useText()
  const { drawing, selected } = state
  const chosen = selected === null ? null : vertexOf(drawing, selected)
  const onKey = (event: KeyboardEvent) => {
    const way = ways.find(({ key }) => key === event.key)
    if (way === undefined) return
    event.preventDefault()
    const metres = event.shiftKey ? farStepM : stepM
    act({ act: 'step', east: way.east * metres, north: way.north * metres })
  }
  return (
    <div className="corner-tools">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid in all browsers */}
      <div className="pad" role="group" aria-label={t('zones.move')} aria-describedby="pad-keys" onKeyDown={onKey}>
        {ways.map(({ key, text, sign, east, north }) => (
          <button
            key={key}
            ref={key === 'ArrowUp' ? pad : undefined}
            type="button"
            className="button"
            data-way={key}
            aria-label={t(text)}
            disabled={chosen === null}
            onClick={(event) => {
              const metres = event.shiftKey ? farStepM : stepM
              act({ act: 'step', east: east * metres, north: north * metres })
            }}
          >
            <span aria-hidden="true">{sign}</span>
          </button>
        ))}
      </div>
      <div className="stack corner-acts">
        <p id="pad-keys" className="small soft">
          {t('zones.move_keys')}
        </p>
        <div className="row wrap">
          {drawing.kind === 'area' && (
            <button
              type="button"
              className="button"
              disabled={selected === null}
              onClick={() => selected !== null && act({ act: 'split', after: selected })}
            >
              {t('zones.insert_after')}
            </button>
          )}
          <button type="button" className="button" disabled={chosen === null} onClick={() => act({ act: 'delete' })}>
            {t(drawing.kind === 'circle' ? 'zones.delete_centre' : 'zones.delete_corner')}
          </button>
          {onSnap !== null && (
            <button type="button" className="button" disabled={chosen === null} onClick={onSnap}>
              {t('zones.snap_now')}
            </button>
          )}
        </div>
      </div>
      <CornerNumbers chosen={chosen} isCircle={drawing.kind === 'circle'} act={act} />
    </div>
  )
}

const degrees = (text: string, most: number): number | null => {
  const value = Number(text.trim().replace(',', '.'))
  return text.trim() === '' || !Number.isFinite(value) || Math.abs(value) > most ? null : value
}

/** A place by its numbers; "52.3585, 4.7261", as maps on the web give it, may be pasted into the first field. */
function CornerNumbers({
  chosen,
  isCircle,
  act,
}: {
  readonly chosen: LonLat | null
  readonly isCircle: boolean
  readonly act: (act: EditAct) => void
}) {
  const { t } = useText()
  const id = useId()
  const [lat, setLat] = useState('')
  const [lon, setLon] = useState('')
  const [isWrong, setWrong] = useState(false)
  useEffect(() => {
    setLat(chosen === null ? '' : String(chosen[1]))
    setLon(chosen === null ? '' : String(chosen[0]))
    setWrong(false)
  }, [chosen])
  const both = (text: string) => {
    const parts = /^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text)
    if (parts === null) return setLat(text)
    setLat(parts[1] ?? '')
    setLon(parts[2] ?? '')
  }
  const put = (how: 'put' | 'add') => {
    const [north, east] = [degrees(lat, 85), degrees(lon, 180)]
    setWrong(north === null || east === null)
    if (north !== null && east !== null) act({ act: how, at: [east, north] })
  }
  return (
    <form
      className="corner-numbers"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        put(chosen === null ? 'add' : 'put')
      }}
    >
      <div className="field">
        <label htmlFor={`${id}-lat`}>{t('zones.latitude')}</label>
        <input
          id={`${id}-lat`}
          inputMode="decimal"
          autoComplete="off"
          value={lat}
          aria-invalid={isWrong && degrees(lat, 85) === null}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          onChange={(event) => both(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-lon`}>{t('zones.longitude')}</label>
        <input
          id={`${id}-lon`}
          inputMode="decimal"
          autoComplete="off"
          value={lon}
          aria-invalid={isWrong && degrees(lon, 180) === null}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          onChange={(event) => setLon(event.target.value)}
        />
      </div>
      {isWrong && (
        <p id={`${id}-wrong`} className="wrong" role="alert">
          {t('zones.numbers_wrong')}
        </p>
      )}
      <div className="row wrap corner-put">
        {chosen !== null && (
          <button type="submit" className="button">
            {t('zones.put_here')}
          </button>
        )}
        {!(isCircle && chosen !== null) && (
          <button
            type={chosen === null ? 'submit' : 'button'}
            className="button"
            onClick={chosen === null ? undefined : () => put('add')}
          >
            {t(isCircle ? 'zones.centre_by_numbers' : 'zones.add_by_numbers')}
          </button>
        )}
      </div>
    </form>
  )
}
