import { useText } from '../../ui-kit/i18n/text.ts'
import type { Photos } from './use-photos.ts'

/** Waits for the pictures, and says so. */
export function SendButton({
  busy,
  photos,
  what,
}: {
  readonly busy: boolean
  readonly photos: Pick<Photos, 'isSending' | 'isStuck'>
  /** What it says; *Send* where nothing is given. */
  readonly what?: string
}) {
  const { t } = useText()
  const why = photos.isStuck ? 'telling.stuck_photos' : photos.isSending ? 'telling.wait_photos' : null
  return (
    <div className="stack">
      <p className={why === null ? 'visually-hidden' : 'small soft'} role="status">
        {why !== null && t(why)}
      </p>
      <button type="submit" className="button main wide" disabled={busy || why !== null}>
        {busy ? t('telling.sending') : (what ?? t('telling.send'))}
      </button>
    </div>
  )
}
