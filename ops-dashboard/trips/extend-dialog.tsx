import { useId, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { fromField, toField } from './city-moment.ts'
import type { ActDialogProperties } from './trip-acts.tsx'
import { toldDone, useAct } from './use-act.ts'

const usuallyMs = 4 * 3_600_000

/** Lets a ride last longer than rides do. */
export function ExtendDialog({ found, onDone, onClose }: ActDialogProperties) {
  const { t } = useText()
  const id = useId()
  const send = useAct(found.trip.tripId, 'extend')
  const [text, setText] = useState(() => toField(found.cityTime + usuallyMs))
  return (
    <ReasonDialog
      title={t('trips.extend_title')}
      what={t('trips.extend_what')}
      confirm={t('trips.extend_go')}
      onConfirm={(reason) => {
        const until = fromField(text)
        if (until === null) return Promise.resolve({ kind: 'refused', code: 'extension_wrong' } as const)
        return toldDone(send({ reason, until }), onDone)
      }}
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor={`${id}-until`}>{t('trips.extend_until')}</label>
        <input
          id={`${id}-until`}
          type="datetime-local"
          value={text.slice(0, 16)}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
    </ReasonDialog>
  )
}
