import { useState } from 'react'
import { Link } from 'wouter'
import { useText } from '../../ui-kit/i18n/text.ts'
import { dropDraft, keptDrafts } from './edit/draft-store.ts'

/** Drawings of this tab that nobody saved yet. */
export function DraftsNote() {
  const { t } = useText()
  const [drafts, setDrafts] = useState(() => keptDrafts(sessionStorage))
  if (drafts.length === 0) return null
  return (
    <ul className="stack">
      {drafts.map(({ zoneId, form }) => (
        <li key={zoneId ?? 'new'} className="notice warn row spread wrap">
          <span>{t('zones.draft_waits', { name: form.name || t(`places.kind.${form.kind}`) })}</span>
          <span className="row wrap">
            <Link className="button" href={`/places/edit/${zoneId ?? `new?kind=${form.kind}`}`}>
              {t('zones.go_on')}
            </Link>
            <button
              type="button"
              className="button"
              onClick={() => {
                dropDraft(sessionStorage, zoneId)
                setDrafts(keptDrafts(sessionStorage))
              }}
            >
              {t('zones.discard')}
            </button>
          </span>
        </li>
      ))}
    </ul>
  )
}
