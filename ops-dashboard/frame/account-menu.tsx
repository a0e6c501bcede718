import { useId } from 'react'
import { Link } from 'wouter'
import type { Me } from '../../contracts/http/account.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { LanguagePicker } from '../../ui-kit/language-picker.tsx'
import { chooseTheme, useTheme } from '../../ui-kit/theme.ts'
import { opsApi } from '../ops-api.ts'
import { NavIcon } from './nav-icon.tsx'
import { useDisclosure } from './use-disclosure.ts'

/** Who is at the desk, and what is this person's own: account, colours, language, the way out. */
export function AccountMenu({ me, hasAccountPage }: { readonly me: Me | null; readonly hasAccountPage: boolean }) {
  const { t, ofCode } = useText()
  const id = useId()
  const { box, isOpen, setOpen } = useDisclosure()
  const name = me?.name ?? t('ops.account')
  return (
    <div ref={box} className="account">
      <button
        type="button"
        className="rail-item"
        aria-expanded={isOpen}
        aria-controls={id}
        title={name}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="initials" aria-hidden="true">
          {me === null ? <NavIcon name="person" /> : initialsOf(me.name)}
        </span>
        <span className="rail-word">
          {name}
          {me !== null && <span className="small soft">{ofCode(`ops.role.${me.role}`, 'ops.account')}</span>}
        </span>
      </button>
      <div id={id} className="account-sheet stack" hidden={!isOpen}>
        {me !== null && (
          <p>
            <strong>{me.name}</strong>
            <br />
            <span className="small soft">{ofCode(`ops.role.${me.role}`, 'ops.account')}</span>
          </p>
        )}
        {hasAccountPage && (
          <Link href="/account" className="button" onClick={() => setOpen(false)}>
            {t('ops.account')}
          </Link>
        )}
        <ThemeChoice />
        <LanguagePicker />
        <button type="button" className="button" onClick={() => void logOut()}>
          {t('ops.log_out')}
        </button>
      </div>
    </div>
  )
}

function ThemeChoice() {
  const { t } = useText()
  const theme = useTheme()
  return (
    <fieldset className="theme-choice" aria-label={t('ops.theme')}>
      {(['light', 'dark'] as const).map((one) => (
        <button
          key={one}
          type="button"
          className="button"
          aria-pressed={theme === one}
          onClick={() => chooseTheme(one)}
        >
          {t(`ops.theme_${one}`)}
        </button>
      ))}
    </fieldset>
  )
}

/** Loads the desk anew: nothing that was shown stays in memory. */
async function logOut(): Promise<void> {
  await opsApi.send('/v1/staff/sessions/current', { method: 'DELETE' })
  location.assign('/ops/')
}

const initialsOf = (name: string) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('')
