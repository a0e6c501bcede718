import { type ReactNode, useEffect } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { LanguagePicker } from '../../ui-kit/language-picker.tsx'
import { chooseTheme, useTheme } from '../../ui-kit/theme.ts'
import { PageNav } from './page-nav.tsx'

/** Head and frame of every page but the live map, which has its own. `title` names the browser's tab too. */
export function PageFrame({
  title,
  wide = false,
  children,
}: {
  readonly title: string
  /** The page fills the window and scrolls inside itself. */
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  const { t } = useText()
  const theme = useTheme()
  useEffect(() => {
    document.title = `${title} · Zwerm`
  }, [title])
  return (
    <div className={wide ? 'desk wide' : 'desk'}>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <header className="ops-top">
        <p className="ops-brand">
          <img src="/ops/icon.svg" alt="" width="28" height="28" /> zwerm
        </p>
        <PageNav />
        <div className="row controls">
          <button type="button" className="button" onClick={() => chooseTheme(theme === 'dark' ? 'light' : 'dark')}>
            {theme === 'dark' ? t('ops.theme_light') : t('ops.theme_dark')}
          </button>
          <LanguagePicker />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}
