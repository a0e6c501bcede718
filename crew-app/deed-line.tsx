import { useEffect, useState } from 'react'
import { useText } from '../ui-kit/i18n/text.ts'
import { useNight } from './night/use-night.ts'
import { deedSentence } from './waiting/deed-sentence.ts'

const shownMs = 8_000

/** Says the last act aloud and on the screen, and takes it back if asked in time. */
export function DeedLine() {
  const { t } = useText()
  const { now, undo } = useNight()
  const deed = now.lastDeed
  const [hidden, setHidden] = useState(0)
  const count = deed?.count ?? 0
  useEffect(() => {
    if (count === 0) return
    const timer = setTimeout(() => setHidden(count), shownMs)
    return () => clearTimeout(timer)
  }, [count])
  const shown = deed !== null && deed.count !== hidden
  const sentence = deed === null ? '' : deedSentence(t, deed.act, now.route)
  const mayUndo = shown && !deed.undone && now.canUndo?.actId === deed.act.actId
  return (
    <div className="deed-line" data-shown={shown || undefined}>
      <p role="status">{shown ? (deed.undone ? t('crew.undone', { what: sentence }) : sentence) : ''}</p>
      {mayUndo && (
        <button type="button" className="button" onClick={() => void undo()}>
          {t('crew.undo')}
        </button>
      )}
    </div>
  )
}
