import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Link } from 'wouter'
import { useText } from '../../ui-kit/i18n/text.ts'
import { type IconName, NavIcon } from '../frame/nav-icon.tsx'
import { useDisclosure } from '../frame/use-disclosure.ts'
import { type FleetView, writeFleetView } from './fleet-view.ts'
import { dropView, keepView, readViews } from './saved-views.ts'

/** Views that this person has kept under a name: links that can be opened, sent and forgotten. */
export function ViewMenu({ view }: { readonly view: FleetView }) {
  const { t } = useText()
  const id = useId()
  const [views, setViews] = useState(readViews)
  const [name, setName] = useState('')
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    setViews(keepView({ name, search: writeFleetView({ ...view, bike: null, follow: false }) }))
    setName('')
  }
  return (
    <DropDown icon="star" word={t('ops.views')}>
      {(close) => (
        <div className="stack">
          {views.length === 0 ? (
            <p className="soft small">{t('ops.views_none')}</p>
          ) : (
            <ul className="view-list">
              {views.map((one) => (
                <li key={one.name}>
                  <Link href={`/${one.search}`} onClick={close}>
                    {one.name}
                  </Link>
                  <button
                    type="button"
                    className="tool"
                    aria-label={t('ops.views_drop', { name: one.name })}
                    onClick={() => setViews(dropView(one.name))}
                  >
                    <NavIcon name="close" />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <form className="row" onSubmit={save}>
            <label className="visually-hidden" htmlFor={id}>
              {t('ops.views_name')}
            </label>
            <input
              id={id}
              className="select"
              value={name}
              maxLength={40}
              placeholder={t('ops.views_name')}
              onChange={(event) => setName(event.target.value)}
            />
            <button type="submit" className="button">
              {t('ops.views_keep')}
            </button>
          </form>
        </div>
      )}
    </DropDown>
  )
}

/** A tool with a small sheet under it, open until Escape or a press elsewhere. */
export function DropDown({
  icon,
  word,
  children,
}: {
  readonly icon: IconName
  readonly word: string
  readonly children: (close: () => void) => ReactNode
}) {
  const id = useId()
  const { box, isOpen, setOpen } = useDisclosure()
  return (
    <div ref={box} className="drop-down">
      <button
        type="button"
        className="tool"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={word}
        title={word}
        onClick={() => setOpen(!isOpen)}
      >
        <NavIcon name={icon} />
      </button>
      <div id={id} className="drop-sheet" hidden={!isOpen}>
        {isOpen && children(() => setOpen(false))}
      </div>
    </div>
  )
}
