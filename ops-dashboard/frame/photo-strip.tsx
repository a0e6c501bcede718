import './photo-strip.css'
import { useRef, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'

/**
 * Pictures that a rider sent, small; a press shows one at large.
 * @param srcOf where the picture with an id is   @param altOf what the n-th one is, from 1
 */
export function PhotoStrip({
  ids,
  srcOf,
  altOf,
}: {
  readonly ids: readonly string[]
  readonly srcOf: (photoId: string) => string
  readonly altOf: (n: number) => string
}) {
  const { t } = useText()
  const box = useRef<HTMLDialogElement>(null)
  const [shown, setShown] = useState(0)
  if (ids.length === 0) return null
  const photoId = ids[shown] ?? ids[0] ?? ''
  return (
    <>
      <ul className="photo-strip">
        {ids.map((id, index) => (
          <li key={id}>
            <button
              type="button"
              aria-label={t('ops.photo_enlarge', { what: altOf(index + 1) })}
              onClick={() => {
                setShown(index)
                box.current?.showModal()
              }}
            >
              <img src={srcOf(id)} alt="" loading="lazy" />
            </button>
          </li>
        ))}
      </ul>
      <dialog ref={box} className="photo-large" aria-label={altOf(shown + 1)}>
        <img src={srcOf(photoId)} alt={altOf(shown + 1)} loading="lazy" />
        <form method="dialog" className="row spread">
          <span className="row">
            {ids.length > 1 && (
              <button type="button" className="button" onClick={() => setShown((shown + 1) % ids.length)}>
                {t('ops.photo_next')} <span className="number soft">{`${shown + 1}/${ids.length}`}</span>
              </button>
            )}
          </span>
          <button type="submit" className="button main">
            {t('ops.photo_close')}
          </button>
        </form>
      </dialog>
    </>
  )
}
