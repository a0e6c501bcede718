import './appeals.css'
import { useId, useRef, useState } from 'react'
import { answerAppealsWithinMs, longestAppealText } from '../../contracts/appeal-limits.ts'
import type { AppealAbout, NewAppeal } from '../../contracts/http/appeals.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatBikeNumber, formatClock, formatDay, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'
import { BottomSheet } from '../telling/bottom-sheet.tsx'
import { PhotoField } from '../telling/photo-field.tsx'
import { SendButton } from '../telling/send-button.tsx'
import { usePhotos } from '../telling/use-photos.ts'
import { aboutsOf, asksFor } from './appeal-asks.ts'

/** Says what was not right; and before it is sent, what happens next and by when. */
export function AppealSheet({
  trip,
  onMade,
  onClose,
}: {
  readonly trip: TripView
  readonly onMade: () => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const { api } = useRider()
  const id = useId()
  // One question makes one appeal at most, however often it is sent.
  const appealId = useRef(newUuid())
  const abouts = aboutsOf(trip)
  const [about, setAbout] = useState<AppealAbout | null>(abouts[0] === 'wrong_place' ? 'wrong_place' : null)
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const photos = usePhotos(api)
  const needsText = about === 'other'

  const send = async () => {
    if (about === null || busy) return
    if (needsText && text.trim() === '') return setRefused({ kind: 'refused', code: 'appeal_text_needed' })
    setBusy(true)
    setRefused(null)
    const body: NewAppeal = { appealId: appealId.current, about, text: text.trim(), photoIds: [...photos.ids] }
    const order = { method: 'POST', body, gestureKey: appealId.current } as const
    const answer = await api.send<unknown>(`/v1/trips/${trip.tripId}/appeals`, order)
    setBusy(false)
    if (answer.kind === 'ok') onMade()
    else setRefused(answer)
  }
  return (
    <BottomSheet
      title={t('appeals.what')}
      above={t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <fieldset className="abouts">
          <legend className="visually-hidden">{t('appeals.what')}</legend>
          {abouts.map((one) => (
            <button
              key={one}
              type="button"
              className="button"
              aria-pressed={one === about}
              onClick={() => setAbout(one)}
            >
              {t(`appeals.about.${one}`)}
            </button>
          ))}
        </fieldset>
        {about !== null && (
          <>
            <div className="field">
              <label htmlFor={id}>{t(needsText ? 'appeals.text_needed' : 'appeals.text')}</label>
              <textarea
                id={id}
                rows={3}
                maxLength={longestAppealText}
                required={needsText}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
              {text.length > longestAppealText * 0.8 && (
                <p className="hint number">{t('appeals.text_left', { left: longestAppealText - text.length })}</p>
              )}
            </div>
            <PhotoField photos={photos} />
            <WhatNext trip={trip} about={about} />
            {refused !== null && <RefusalNotice refused={refused} />}
            <SendButton busy={busy} photos={photos} what={t('appeals.send')} />
          </>
        )}
      </form>
    </BottomSheet>
  )
}

function WhatNext({ trip, about }: { readonly trip: TripView; readonly about: AppealAbout }) {
  const { t, tag } = useText()
  const asks = asksFor(trip, about)
  const amount = formatMoney(tag, asks, trip.price.currency)
  const by = trip.cityTime + answerAppealsWithinMs
  const time = `${formatDay(tag, by)}, ${formatClock(tag, by)}`
  return (
    <div className="notice">
      {asks > 0 && (
        <p>
          <strong>{t(trip.payment.state === 'debt' ? 'appeals.asks_debt' : 'appeals.asks_back', { amount })}</strong>
        </p>
      )}
      <p className="small">{t('appeals.next')}</p>
      <ol className="small next-steps">
        <li>{t('appeals.next_1')}</li>
        <li>{t('appeals.next_2', { time })}</li>
        <li>{t(asks > 0 ? 'appeals.next_3' : 'appeals.next_3_held', { amount })}</li>
      </ol>
    </div>
  )
}
