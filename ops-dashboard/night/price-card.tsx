import { useEffect, useRef } from 'react'
import type { PlanEdit, PlanView } from '../../contracts/http/nights.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { editName } from './edit-name.ts'
import type { EditState } from './edit-state.ts'
import { minutes as formatMinutes, signedKilometres, signedRides } from './formats.ts'
import { type EditPrice, priceOf } from './price-of-edit.ts'

/** What an edit would cost, before it is done. Said aloud as it comes; Escape puts it away. */
export function PriceCard({
  plan,
  state,
  onApply,
  onAgain,
  onCancel,
}: {
  readonly plan: PlanView
  readonly state: EditState
  readonly onApply: (edit: PlanEdit) => void
  readonly onAgain: (edit: PlanEdit) => void
  readonly onCancel: () => void
}) {
  const text = useText()
  const { t } = text
  const card = useRef<HTMLElement>(null)
  const cameFrom = useRef<Element | null>(null)
  const isOpen = state.kind !== 'none'
  useEffect(() => {
    if (isOpen) {
      cameFrom.current = document.activeElement
      card.current?.focus({ preventScroll: true })
    } else if (cameFrom.current instanceof HTMLElement && cameFrom.current.isConnected) {
      cameFrom.current.focus({ preventScroll: true })
      cameFrom.current = null
    }
  }, [isOpen])
  const price = state.kind === 'priced' ? priceOf(state.answer) : null
  // in a plan that somebody else changed, the same number may be another stop: it is chosen anew
  const isStale = state.kind === 'priced' && state.revision !== plan.revision
  const isChanged = state.kind === 'refused' && state.refused.code === 'plan_changed'
  const sentence =
    state.kind === 'priced' ? (price === null ? state.answer.faults.join(' ') : priceSentence(price, text)) : ''
  return (
    <>
      <p className="visually-hidden" aria-live="polite">
        {sentence}
      </p>
      {state.kind !== 'none' && (
        <section
          ref={card}
          tabIndex={-1}
          className="price-card stack"
          aria-label={t('night.price')}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.stopPropagation()
              onCancel()
            }
          }}
        >
          <h2>{editName(plan, state.edit, t)}</h2>
          {state.kind === 'asking' && <Waiting text={t('night.asking')} />}
          {state.kind === 'doing' && (
            <Waiting text={state.edit.kind === 'improve' ? t('night.improving') : t('night.doing')} />
          )}
          {state.kind === 'refused' && (
            <RefusalNotice refused={state.refused} onAgain={isChanged ? undefined : () => onAgain(state.edit)}>
              {state.refused.detail !== undefined && <p className="small">{state.refused.detail}</p>}
            </RefusalNotice>
          )}
          {state.kind === 'priced' && price !== null && !isStale && (
            <p className="price number" data-loses={price.rides < 0}>
              {priceSentence(price, text)}
            </p>
          )}
          {isStale && <RefusalNotice refused={{ code: 'plan_changed' }} />}
          {state.kind === 'priced' && price === null && <Faults faults={state.answer.faults} />}
          <div className="row end">
            <button type="button" className="button" disabled={state.kind === 'doing'} onClick={onCancel}>
              {state.kind === 'priced' && price !== null ? t('ops.cancel') : t('ops.close')}
            </button>
            {state.kind === 'priced' && price !== null && !isStale && (
              <button type="button" className="button main" onClick={() => onApply(state.edit)}>
                {t('night.apply')}
              </button>
            )}
          </div>
        </section>
      )}
    </>
  )
}

function Faults({ faults }: { readonly faults: readonly string[] }) {
  const { t } = useText()
  return (
    <div className="notice bad">
      <h3>{t('night.cannot')}</h3>
      <ul className="fault-list">
        {faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    </div>
  )
}

/** "−0.8 rides, +1.2 km, Van 2 ends 14 min later". */
export function priceSentence(price: EditPrice, { t, tag }: Pick<ReturnType<typeof useText>, 't' | 'tag'>): string {
  if (price.rides === 0 && price.distanceM === 0 && price.ends.length === 0) return t('night.price_nothing')
  return [
    t('night.rides', { rides: signedRides(tag, price.rides) }),
    signedKilometres(tag, price.distanceM),
    ...(price.bikes === 0 ? [] : [t('night.price_bikes', { bikes: signedRides(tag, price.bikes) })]),
    ...price.ends.map(({ vanName, minutes }) =>
      t(minutes > 0 ? 'night.price_later' : 'night.price_earlier', {
        van: vanName,
        minutes: formatMinutes(tag, Math.abs(minutes)),
      }),
    ),
  ].join(' · ')
}
