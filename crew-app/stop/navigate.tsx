import { useState } from 'react'
import type { CrewStop } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { Sheet } from '../sheet.tsx'
import { type NavigationApp, navigationApps, navigationUrl, rememberApp, rememberedApp } from './navigation-app.ts'

/** Hands the stop over to the navigation app that the crew uses; asked once, remembered on the phone. */
export function Navigate({ stop }: { readonly stop: CrewStop }) {
  const { t } = useText()
  const [app, setApp] = useState(rememberedApp)
  const [choosing, setChoosing] = useState(false)
  const choose = (chosen: NavigationApp) => {
    rememberApp(chosen)
    setApp(chosen)
    setChoosing(false)
  }
  return (
    <div className="row navigate">
      {app === null ? (
        <button type="button" className="button wide" onClick={() => setChoosing(true)}>
          {t('crew.navigate')}
        </button>
      ) : (
        <>
          <a
            className="button wide"
            href={navigationUrl(app, stop)}
            target={app === 'geo' ? undefined : '_blank'}
            rel="noreferrer"
          >
            {t('crew.navigate')}
          </a>
          <button type="button" className="button quiet" onClick={() => setChoosing(true)}>
            {t(`crew.nav.${app}`)}
            <span className="visually-hidden">: {t('crew.nav.change')}</span>
          </button>
        </>
      )}
      {choosing && (
        <Sheet title={t('crew.nav.title')} onClose={() => setChoosing(false)}>
          {navigationApps.map((one) => (
            <a
              key={one}
              className="button wide"
              href={navigationUrl(one, stop)}
              target={one === 'geo' ? undefined : '_blank'}
              rel="noreferrer"
              onClick={() => choose(one)}
            >
              {t(`crew.nav.${one}`)}
            </a>
          ))}
        </Sheet>
      )}
    </div>
  )
}
