import { type RefObject, useId, useRef } from 'react'
import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { CornerList } from './corner-list.tsx'
import { CornerTools } from './corner-tools.tsx'
import { leastRadiusM, mostRadiusM, ringsOf } from './drawing.ts'
import type { MapView } from './edit-map.tsx'
import type { EditAct, EditState } from './edit-state.ts'

/** The drawing without a map: its corners as a list, and every act as a button. */
export function ShapeCard({
  state,
  act,
  problems,
  mayBeCircle,
  view,
  snap,
}: {
  readonly state: EditState
  readonly act: (act: EditAct) => void
  readonly problems: readonly ZoneProblem[]
  readonly mayBeCircle: boolean
  readonly view: RefObject<MapView | null>
  readonly snap: { readonly isOn: boolean; readonly set: (on: boolean) => void; readonly now: (() => void) | null }
}) {
  const { t } = useText()
  const id = useId()
  const pad = useRef<HTMLButtonElement>(null)
  const { drawing, mode } = state
  const isCircle = drawing.kind === 'circle'
  const rings = ringsOf(drawing)
  const addInTheMiddle = () => {
    const at = view.current?.middle() ?? null
    if (at !== null) act({ act: 'add', at })
  }
  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('zones.shape')}</h2>
      {mayBeCircle && (
        <fieldset className="modes row wrap">
          <legend className="visually-hidden">{t('zones.shape')}</legend>
          {(['circle', 'area'] as const).map((kind) => (
            <label key={kind} className="zone-choice">
              <input
                type="radio"
                name={`${id}-shape`}
                checked={drawing.kind === kind}
                onChange={() => act({ act: 'shape', kind })}
              />
              {t(`zones.shape.${kind}`)}
            </label>
          ))}
        </fieldset>
      )}
      {isCircle && (
        <div className="field">
          <label htmlFor={`${id}-radius`}>{t('zones.radius')}</label>
          <input
            key={drawing.radiusM}
            id={`${id}-radius`}
            type="number"
            min={leastRadiusM}
            max={mostRadiusM}
            step={1}
            defaultValue={drawing.radiusM}
            onBlur={(event) => act({ act: 'radius', radiusM: event.target.valueAsNumber || leastRadiusM })}
            onKeyDown={(event) => {
              if (event.key === 'Enter')
                act({ act: 'radius', radiusM: event.currentTarget.valueAsNumber || leastRadiusM })
            }}
          />
        </div>
      )}
      <div className="row wrap">
        <button type="button" className="button" onClick={addInTheMiddle}>
          {t(isCircle ? 'zones.centre_at_middle' : 'zones.add_at_middle')}
        </button>
        <button
          type="button"
          className="button"
          aria-pressed={mode === 'add'}
          onClick={() => act(mode === 'add' ? { act: 'escape' } : { act: 'mode', mode: 'add' })}
        >
          {t(isCircle ? 'zones.mode_centre' : 'zones.mode_add')}
        </button>
        <button type="button" className="button" onClick={() => view.current?.showDrawing()}>
          {t('zones.show_drawing')}
        </button>
        {!isCircle && (
          <button
            type="button"
            className="button"
            disabled={(rings[0]?.corners.length ?? 0) < 3}
            onClick={() => act({ act: 'hole' })}
          >
            {t('zones.add_hole')}
          </button>
        )}
      </div>
      {!isCircle && (
        <>
          <CornerList state={state} act={act} problems={problems} onMove={() => pad.current?.focus()} />
          <p id="corner-keys" className="small soft">
            {t('zones.corner_keys')}
          </p>
          {rings.filter(({ isHole }) => isHole).length > 0 && (
            <ul className="row wrap" aria-label={t('zones.holes')}>
              {rings
                .filter(({ isHole }) => isHole)
                .map(({ ring, corners }) => (
                  <li key={ring}>
                    <button type="button" className="button" onClick={() => act({ act: 'delete_ring', ring })}>
                      {t('zones.delete_hole', { hole: ring, corners: corners.length })}
                    </button>
                  </li>
                ))}
            </ul>
          )}
        </>
      )}
      <CornerTools
        state={isCircle && drawing.centre !== null ? { ...state, selected: { ring: 0, vertex: 0 } } : state}
        act={(one) => {
          // a circle has only its centre to choose
          if (isCircle && drawing.centre !== null) act({ act: 'select', vertex: { ring: 0, vertex: 0 } })
          act(one)
        }}
        pad={pad}
        onSnap={snap.isOn ? snap.now : null}
      />
      <label className="zone-choice">
        <input type="checkbox" checked={snap.isOn} onChange={(event) => snap.set(event.target.checked)} />
        {t('zones.snap')}
      </label>
    </section>
  )
}
