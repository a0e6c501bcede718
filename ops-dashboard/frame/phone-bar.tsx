import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import type { Me } from '../../contracts/http/account.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { AccountMenu } from './account-menu.tsx'
import { AlarmBadge } from './alarm-badge.tsx'
import { type DeskEntry, isUnder } from './desk-entries.ts'
import { NavIcon } from './nav-icon.tsx'
import { useModal } from './use-modal.ts'

/** As many as a thumb can tell apart; the rest is behind "More". */
const inBar = 4

/** The rail of a phone: the first pages at the foot, all of them in a sheet. */
export function PhoneBar({
  entries,
  location,
  alarms,
  me,
  hasAccountPage,
}: {
  readonly entries: readonly DeskEntry[]
  readonly location: string
  readonly alarms: number
  readonly me: Me | null
  readonly hasAccountPage: boolean
}) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  const first = entries.slice(0, inBar)
  const item = (entry: DeskEntry) => (
    <Link
      href={entry.path}
      className="bar-item"
      aria-current={isUnder(entry, location) ? 'page' : undefined}
      onClick={() => setOpen(false)}
    >
      <span className="bar-icon">
        <NavIcon name={entry.name} />
        {entry.name === 'alarms' && alarms > 0 && <AlarmBadge count={alarms} />}
      </span>
      {t(`ops.nav.${entry.name}`)}
    </Link>
  )
  return (
    <nav className="phone-bar" aria-label={t('app.menu')}>
      <ul>
        {first.map((entry) => (
          <li key={entry.path}>{item(entry)}</li>
        ))}
        <li>
          <button type="button" className="bar-item" aria-haspopup="dialog" onClick={() => setOpen(true)}>
            <NavIcon name="more" />
            {t('ops.nav.more')}
          </button>
        </li>
      </ul>
      {isOpen && (
        <Sheet title={t('app.menu')} onClose={() => setOpen(false)}>
          <ul className="sheet-list">
            {entries.map((entry) => (
              <li key={entry.path}>{item(entry)}</li>
            ))}
          </ul>
          <AccountMenu me={me} hasAccountPage={hasAccountPage} />
        </Sheet>
      )}
    </nav>
  )
}

function Sheet({
  title,
  onClose,
  children,
}: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const { t } = useText()
  const box = useModal()
  return (
    <dialog ref={box} className="sheet" aria-label={title} onClose={onClose}>
      <div className="row spread">
        <h2>{title}</h2>
        <button type="button" className="button" onClick={onClose}>
          {t('ops.close')}
        </button>
      </div>
      {children}
    </dialog>
  )
}
