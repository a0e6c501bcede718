import type { CrewAct } from '../../contracts/http/crews.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useOnline } from '../../ui-kit/use-online.ts'
import { useNight } from '../night/use-night.ts'
import { photoOf } from '../outbox/next-send.ts'
import type { RefusedAct } from '../outbox/settle-answer.ts'
import { bikeOf, deedSentence } from './deed-sentence.ts'

/** What has not reached the server, and what the server did not take and why. */
export function WaitingScreen() {
  const { t, tag } = useText()
  const { now, undo } = useNight()
  const online = useOnline()
  const route = now.route ?? now.facts.ended?.route ?? null
  const { waiting, refused } = now
  return (
    <div className="page">
      <h1>{t('crew.waiting.title')}</h1>
      {refused.length > 0 && (
        <section className="stack" aria-labelledby="refused">
          <h2 id="refused">{t('crew.waiting.refused')}</h2>
          {refused.map((one) => (
            <RefusedCard key={one.actId} one={one} />
          ))}
        </section>
      )}
      <p className={waiting.length === 0 ? 'notice good' : 'notice'} role="status">
        {waiting.length === 0
          ? t('crew.waiting.none')
          : !online || now.sending === 'failing'
            ? t('crew.waiting.offline', { count: waiting.length })
            : t('crew.waiting.soon', { count: waiting.length })}
      </p>
      {now.session === 'out' && <p className="notice warn">{t('crew.log_in_again')}</p>}
      <ol className="cards">
        {waiting.toReversed().map(({ seq, act, hasPhoto, tried }) => (
          <li key={seq} className="card">
            <p>{deedSentence(t, act, route)}</p>
            <p className="soft number">
              {formatClock(tag, act.atMs)}
              {hasPhoto && <> · {t('crew.waiting.photo')}</>}
              {!hasPhoto && photoOf(act) !== null && <> · {t('crew.waiting.photo_sent')}</>}
              {tried && <> · {t('crew.waiting.tried')}</>}
            </p>
            {now.canUndo?.actId === act.actId && (
              <button type="button" className="button" onClick={() => void undo()}>
                {t('crew.undo')}
              </button>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

function RefusedCard({ one }: { readonly one: RefusedAct }) {
  const { t, tag, ofCode } = useText()
  const { now, forgetRefused } = useNight()
  const route = now.route ?? now.facts.ended?.route ?? null
  const bike = 'bike' in one.act ? bikeOf(one.act.bike, route) : ''
  const why =
    one.by === null
      ? ofCode(`refusal.${one.code}`, 'refusal.server_fault')
      : ofCode(`crew.why.${one.code}`, 'crew.why.other', { by: one.by, bike })
  return (
    <div className="notice bad">
      <p>
        <s>{deedSentence(t, one.act, route)}</s> <span className="number">{formatClock(tag, one.act.atMs)}</span>
      </p>
      <p>
        <strong>{why}</strong>
      </p>
      <p>{t(consequenceOf(one.act))}</p>
      <button type="button" className="button" onClick={() => void forgetRefused(one.actId)}>
        {t('crew.ok')}
      </button>
    </div>
  )
}

/** What the screen shows instead, now that the act does not count. */
function consequenceOf(act: CrewAct) {
  switch (act.act) {
    case 'load':
      return 'crew.then.load'
    case 'unload':
      return 'crew.then.unload'
    case 'not_found':
    case 'blocked':
    case 'broken':
      return 'crew.then.bike'
    case 'finish_stop':
    case 'skip_stop':
      return 'crew.then.stop'
    case 'hand_over':
    case 'end_shift':
      return 'crew.then.shift'
  }
}
