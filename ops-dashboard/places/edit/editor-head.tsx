import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { RemoveZone } from '../remove-zone.tsx'
import { ZoneVersionsDialog } from '../zone-versions-dialog.tsx'
import type { useZoneDraft, ZoneStart } from './use-zone-draft.ts'

/** Where one is, steps back and forth, older versions, removal. */
export function EditorHead({
  start,
  draft,
  onSettled,
}: {
  readonly start: ZoneStart
  readonly draft: ReturnType<typeof useZoneDraft>
  readonly onSettled: () => void
}) {
  const { t } = useText()
  const [, go] = useLocation()
  const [open, setOpen] = useState<'versions' | 'leave' | null>(null)
  const { state, act } = draft
  return (
    <div className="edit-head">
      <div className="row wrap spread">
        <div className="row wrap">
          <Link
            href="/places"
            className="button"
            onClick={(event) => {
              if (!draft.isChanged) return
              event.preventDefault()
              setOpen('leave')
            }}
          >
            {t('zones.back')}
          </Link>
          <h1>
            {start.feature === null
              ? t('zones.new', { kind: t(`places.kind.${draft.form.kind}`) })
              : t('zones.edit', { name: start.feature.properties.name })}
          </h1>
          {start.feature !== null && <span className="badge">{t(`places.kind.${draft.form.kind}`)}</span>}
        </div>
        <div className="row wrap">
          <button
            type="button"
            className="button"
            disabled={state.past.length === 0}
            onClick={() => act({ act: 'undo' })}
          >
            {t('zones.undo')}
          </button>
          <button
            type="button"
            className="button"
            disabled={state.future.length === 0}
            onClick={() => act({ act: 'redo' })}
          >
            {t('zones.redo')}
          </button>
          {start.feature !== null && (
            <>
              <button type="button" className="button" onClick={() => setOpen('versions')}>
                {t('zones.versions')}
              </button>
              <RemoveZone
                zone={start.feature}
                version={start.version}
                onRemoved={() => {
                  draft.drop()
                  onSettled()
                  go('/places')
                }}
              />
            </>
          )}
        </div>
      </div>
      {draft.isKept && draft.isChanged && (
        <div className="notice warn row spread wrap">
          <p>{t(draft.version === start.version ? 'zones.kept' : 'zones.kept_old')}</p>
          <button
            type="button"
            className="button"
            onClick={() => {
              draft.drop()
              onSettled()
            }}
          >
            {t('zones.discard')}
          </button>
        </div>
      )}
      {open === 'versions' && start.feature !== null && (
        <ZoneVersionsDialog zone={start.feature} onChanged={onSettled} onClose={() => setOpen(null)} />
      )}
      {open === 'leave' && (
        <ConfirmDialog
          title={t('zones.leave_title')}
          confirm={t('zones.leave_keep')}
          onConfirm={() => go('/places')}
          onClose={() => setOpen(null)}
        >
          <p>{t('zones.leave_what')}</p>
          <button
            type="button"
            className="button"
            onClick={() => {
              draft.drop()
              go('/places')
            }}
          >
            {t('zones.discard')}
          </button>
        </ConfirmDialog>
      )}
    </div>
  )
}
