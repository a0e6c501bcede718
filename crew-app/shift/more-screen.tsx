import { useState } from 'react'
import { Link } from 'wouter'
import { useText } from '../../ui-kit/i18n/text.ts'
import { LanguagePicker } from '../../ui-kit/language-picker.tsx'
import { chooseTheme, useTheme } from '../../ui-kit/theme.ts'
import { useNight } from '../night/use-night.ts'
import { MapProgress } from '../offline/map-progress.tsx'
import { onShiftOf } from '../route/stop-at-hand.ts'
import { Sheet } from '../sheet.tsx'

/** The few things that are no stop: language, light, the stored map, and the ways out of the shift. */
export function MoreScreen() {
  const { t } = useText()
  const { now, act, logOut } = useNight()
  const theme = useTheme()
  const [asking, setAsking] = useState<'hand_over' | 'log_out' | null>(null)
  const route = onShiftOf(now.route)
  return (
    <div className="page">
      <h1>{t('crew.tab.more')}</h1>
      {now.facts.name !== undefined && <p>{t('crew.more.who', { name: now.facts.name })}</p>}
      <div className="card stack">
        <div className="row spread">
          <span>{t('app.language')}</span>
          <LanguagePicker />
        </div>
        <div className="row spread">
          <span id="light">{t('crew.more.light')}</span>
          <button
            type="button"
            className="button"
            role="switch"
            aria-checked={theme === 'light'}
            aria-labelledby="light"
            onClick={() => chooseTheme(theme === 'light' ? 'dark' : 'light')}
          >
            {theme === 'light' ? t('crew.more.on') : t('crew.more.off')}
          </button>
        </div>
        {route !== null && <MapProgress />}
        <Link href="/waiting" className="button wide">
          {t('crew.waiting.title')}
        </Link>
      </div>
      {route !== null && (
        <>
          <button type="button" className="button wide" onClick={() => setAsking('hand_over')}>
            {t('crew.hand_over.button')}
          </button>
          <Link href="/end" className="button wide">
            {t('crew.end.button')}
          </Link>
        </>
      )}
      {route === null && now.session === 'in' && (
        <button type="button" className="button wide" onClick={() => setAsking('log_out')}>
          {t('crew.log_out.button')}
        </button>
      )}
      {asking === 'hand_over' && (
        <Sheet title={t('crew.hand_over.title')} onClose={() => setAsking(null)}>
          <p>{t('crew.hand_over.what', { count: route?.load.length ?? 0 })}</p>
          <HomeButton text={t('crew.hand_over.yes')} onDone={() => act({ act: 'hand_over' })} />
        </Sheet>
      )}
      {asking === 'log_out' && (
        <Sheet title={t('crew.log_out.button')} onClose={() => setAsking(null)}>
          {now.waiting.length > 0 ? (
            <p className="notice warn">{t('crew.log_out.not_yet', { count: now.waiting.length })}</p>
          ) : (
            <HomeButton text={t('crew.log_out.yes')} onDone={logOut} />
          )}
        </Sheet>
      )}
    </div>
  )
}

function HomeButton({ text, onDone }: { readonly text: string; readonly onDone: () => Promise<unknown> }) {
  return (
    <Link href="/" className="button main wide" onClick={() => void onDone()}>
      {text}
    </Link>
  )
}
