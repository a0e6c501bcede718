import { useState } from 'react'
import type { PlanEdit, PlanView } from '../../contracts/http/nights.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { signedRides } from './formats.ts'

const improveSeconds = [5, 20, 60] as const

/** Who changed what, when and at what price; the last can be taken back, and the search can go on. */
export function ChangesList({
  plan,
  canEdit,
  onApply,
  onUndo,
}: {
  readonly plan: PlanView
  readonly canEdit: boolean
  readonly onApply: (edit: PlanEdit) => void
  readonly onUndo: () => Promise<Refused | null>
}) {
  const { t, tag, ofCode } = useText()
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const undo = async () => {
    setBusy(true)
    setRefused(await onUndo())
    setBusy(false)
  }
  return (
    <div className="stack">
      {canEdit && (
        <section className="stack">
          <h3>{t('night.improve')}</h3>
          <p className="small soft">{t('night.improve_how')}</p>
          <div className="row wrap">
            {improveSeconds.map((seconds) => (
              <button
                key={seconds}
                type="button"
                className="button"
                onClick={() => onApply({ kind: 'improve', seconds })}
              >
                {t('night.improve_for', { seconds })}
              </button>
            ))}
          </div>
        </section>
      )}
      <div className="row spread">
        <h3>{t('night.changes')}</h3>
        {canEdit && (
          <button type="button" className="button" disabled={!plan.canUndo || isBusy} onClick={() => void undo()}>
            {t('night.undo')}
          </button>
        )}
      </div>
      {refused !== null && <RefusalNotice refused={refused} />}
      {plan.edits.length === 0 ? (
        <p className="soft">{t('night.no_changes')}</p>
      ) : (
        <ol className="changes">
          {plan.edits.toReversed().map(({ revision, kind, by, at, change }) => (
            <li key={revision}>
              <span className="number small soft">
                {formatClock(tag, at)} · {by}
              </span>
              <span>{ofCode(`night.change.${kind}`, 'night.change.other')}</span>
              <strong className="number">{t('night.rides', { rides: signedRides(tag, change) })}</strong>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
