import { useText } from '../../ui-kit/i18n/text.ts'
import type { DeedDone } from './deeds-under-way.ts'

/** What was just done, with a way back; and who was first where it could not be done. */
export function DeedResult({ result, onUndo }: { readonly result: DeedDone | null; readonly onUndo: () => void }) {
  const { t, ofCode } = useText()
  if (result === null) return <p className="deed-result" role="status" />
  const { deed, done, refused } = result
  const canUndo = done.length > 0 && (deed.act === 'acknowledge' || deed.act === 'resolve' || deed.act === 'snooze')
  const first = refused[0]
  return (
    <div className="deed-result row wrap" role="status">
      {done.length > 0 && <span>{t(`alarms.done.${deed.act}`, { count: done.length })}</span>}
      {canUndo && (
        <button type="button" className="link" onClick={onUndo}>
          {t('alarms.undo')}
        </button>
      )}
      {first !== undefined && (
        <span className="wrong">
          {first.by === null
            ? ofCode(`refusal.${first.code}`, 'refusal.server_fault')
            : t('alarms.first', { name: first.by, count: refused.length })}
        </span>
      )}
    </div>
  )
}
