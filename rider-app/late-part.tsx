import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { type LatePart, useText } from '../ui-kit/i18n/text.ts'
import { withTexts } from './late-screen.ts'

/**
 * A part of a screen that comes by itself, with its texts. Unlike a lazy one it never hides what is around it: until it
 * is there `meanwhile` stands in its place, and when it cannot come it says so and tries again with the network.
 */
export function latePart<P extends object>(
  load: () => Promise<ComponentType<P>>,
  texts: readonly LatePart[],
  meanwhile: ReactNode = null,
): ComponentType<P> {
  let known: ComponentType<P> | null = null
  const come = async () => {
    known = await withTexts(load, texts)
    return known
  }
  return function Late(props: P) {
    const [Part, setPart] = useState(() => known)
    const [round, setRound] = useState(0)
    const [failed, setFailed] = useState(false)
    // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is the wish to try again
    useEffect(() => {
      if (Part !== null) return
      let dropped = false
      setFailed(false)
      come().then(
        (part) => dropped || setPart(() => part),
        () => dropped || setFailed(true),
      )
      const again = () => setRound((n) => n + 1)
      addEventListener('online', again)
      return () => {
        dropped = true
        removeEventListener('online', again)
      }
    }, [Part, round])
    if (Part !== null) return <Part {...props} />
    return failed ? <NotThere onAgain={() => setRound((n) => n + 1)} /> : meanwhile
  }
}

function NotThere({ onAgain }: { readonly onAgain: () => void }) {
  const { t } = useText()
  return (
    <p className="row wrap small soft" role="status">
      {t('app.part_missing')}
      <button type="button" className="button quiet" onClick={onAgain}>
        {t('app.again')}
      </button>
    </p>
  )
}
