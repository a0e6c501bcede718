import { useId, useState } from 'react'
import type { CrewStop } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useNight } from '../night/use-night.ts'
import { Sheet } from '../sheet.tsx'

const reasons = ['no_access', 'unsafe', 'no_time', 'other'] as const
const longestNoteChars = 500

/** Why this stop is left out: one press, a note if the crew likes. The server plans the rest anew. */
export function SkipSheet({ stop, onClose }: { readonly stop: CrewStop; readonly onClose: () => void }) {
  const { t } = useText()
  const { act } = useNight()
  const [note, setNote] = useState('')
  const id = useId()
  const skip = (reason: (typeof reasons)[number]) => {
    onClose()
    const text = note.trim()
    void act({ act: 'skip_stop', stopId: stop.stopId, reason, ...(text === '' ? {} : { note: text }) })
  }
  return (
    <Sheet title={t('crew.skip.title', { name: stop.name })} onClose={onClose}>
      <div className="field">
        <label htmlFor={id}>{t('crew.note')}</label>
        <input id={id} value={note} maxLength={longestNoteChars} onChange={(event) => setNote(event.target.value)} />
      </div>
      {reasons.map((reason) => (
        <button key={reason} type="button" className="button wide" onClick={() => skip(reason)}>
          {t(`crew.skip.${reason}`)}
        </button>
      ))}
    </Sheet>
  )
}
