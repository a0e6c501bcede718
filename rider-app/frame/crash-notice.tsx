import { Component, type ReactNode } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useOnline } from '../../ui-kit/use-online.ts'

interface Properties {
  /** A change of address is a new try. */
  readonly address: string
  readonly children: ReactNode
}
interface State {
  readonly brokenAt: string | null
}

/** A screen that broke, or never came: offline, or because a newer version replaced it. React asks for a class here. */
export class ScreenGuard extends Component<Properties, State> {
  override state: State = { brokenAt: null }

  static getDerivedStateFromError(): Partial<State> {
    return { brokenAt: '' }
  }

  static getDerivedStateFromProps({ address }: Properties, { brokenAt }: State): Partial<State> | null {
    if (brokenAt === '') return { brokenAt: address }
    return brokenAt !== null && brokenAt !== address ? { brokenAt: null } : null
  }

  override render(): ReactNode {
    return this.state.brokenAt === null ? this.props.children : <CrashNotice />
  }
}

function CrashNotice() {
  const { t } = useText()
  const online = useOnline()
  return (
    <div className="page stack" role="alert">
      <h1>{t('frame.broken')}</h1>
      <p className="notice bad">{t(online ? 'frame.broken_online' : 'frame.broken_offline')}</p>
      <button type="button" className="button main wide" onClick={() => location.reload()}>
        {t('app.again')}
      </button>
    </div>
  )
}
