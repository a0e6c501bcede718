import { useId, useState } from 'react'
import type { NewReport, ReportKind } from '../../contracts/http/tasks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { LogInFirst } from '../log-in/log-in-first.tsx'
import { useRider } from '../rider-state.ts'
import { BottomSheet } from './bottom-sheet.tsx'
import { PhotoField } from './photo-field.tsx'
import { SendButton } from './send-button.tsx'
import { usePhotos } from './use-photos.ts'

const allKinds: readonly ReportKind[] = [
  ...(['brakes', 'tyre', 'chain', 'saddle', 'lock', 'lights', 'parked_badly', 'sticker', 'other'] as const),
]
const longestText = 300

/**
 * Says what is wrong with a bike: its kind by one press, a picture and words if the rider wants.
 * @param bikeCode code or number of the bike   @param kinds which to offer; all of them where nothing is given
 * @param first what the rider pressed to come here
 * @param mayExitFree the bike is being ridden and may still be left for nothing: how is told beside the thanks
 */
export function ReportSheet({
  bikeCode,
  number,
  kinds = allKinds,
  first,
  mayExitFree = false,
  onClose,
}: {
  readonly bikeCode: string
  readonly number: string
  readonly kinds?: readonly ReportKind[]
  readonly first?: ReportKind
  readonly mayExitFree?: boolean
  readonly onClose: () => void
}) {
  const { t } = useText()
  const { me } = useRider()
  const [told, setTold] = useState<'no' | 'kept' | 'known'>('no')
  const above = t('telling.bike', { number: formatBikeNumber(number) })
  if (told !== 'no') {
    return (
      <BottomSheet title={t(told === 'kept' ? 'telling.thanks' : 'telling.known')} above={above} onClose={onClose}>
        <p className="notice good" role="status">
          {t(told === 'kept' ? 'telling.thanks_how' : 'telling.known_how')}
        </p>
        {me?.activeTripId != null && <p>{t(mayExitFree ? 'telling.thanks_ride_free' : 'telling.thanks_ride')}</p>}
        <button type="button" className="button main wide" onClick={onClose}>
          {t('telling.close')}
        </button>
      </BottomSheet>
    )
  }
  return (
    <BottomSheet title={t('telling.title')} above={above} onClose={onClose}>
      {me !== null ? (
        <ReportForm bikeCode={bikeCode} kinds={kinds} first={first ?? null} onTold={setTold} />
      ) : (
        <LogInFirst reason={t('telling.log_in')} />
      )}
    </BottomSheet>
  )
}

function ReportForm({
  bikeCode,
  kinds,
  first,
  onTold,
}: {
  readonly bikeCode: string
  readonly kinds: readonly ReportKind[]
  readonly first: ReportKind | null
  readonly onTold: (how: 'kept' | 'known') => void
}) {
  const { t } = useText()
  const { api } = useRider()
  const id = useId()
  const [kind, setKind] = useState<ReportKind | null>(first)
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const photos = usePhotos(api)

  const send = async () => {
    if (kind === null || busy) return
    setBusy(true)
    setRefused(null)
    const words = text.trim()
    const body: NewReport = {
      kind,
      ...(words === '' ? {} : { text: words }),
      ...(photos.ids.length === 0 ? {} : { photoIds: [...photos.ids] }),
    }
    const path = `/v1/bikes/${encodeURIComponent(bikeCode)}/reports`
    const answer = await api.send<unknown>(path, { method: 'POST', body })
    setBusy(false)
    if (answer.kind === 'ok') onTold('kept')
    else if (answer.code === 'report_open_already') onTold('known')
    else setRefused(answer)
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {kinds.length > 1 && (
        <fieldset className="kinds">
          <legend className="visually-hidden">{t('telling.about')}</legend>
          {kinds.map((one) => (
            <button key={one} type="button" className="button" aria-pressed={one === kind} onClick={() => setKind(one)}>
              {t(`telling.kind.${one}`)}
            </button>
          ))}
        </fieldset>
      )}
      {kind === null ? (
        <p className="small soft">{t('telling.choose')}</p>
      ) : (
        <>
          {kind === 'sticker' && <p className="notice warn">{t('telling.sticker_how')}</p>}
          <PhotoField photos={photos} />
          <div className="field">
            <label htmlFor={id}>{t('telling.text')}</label>
            <textarea
              id={id}
              rows={2}
              maxLength={longestText}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
          {refused !== null && <RefusalNotice refused={refused} />}
          <SendButton busy={busy} photos={photos} />
        </>
      )}
    </form>
  )
}
